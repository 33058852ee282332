"""Checks that Tailor and the hubs' own Python clients read each other's caches without a network.

Nobody's network is used: files are made here, servers run on loopback, and whatever reads a cache has its sockets
banned. A client that is not installed is left out, and named.

    mvn -q test-compile dependency:build-classpath -pl core,zoo -am -Dmdep.outputFile=/tmp/classpath
    python zoo/src/test/python/hub_caches.py --classpath /tmp/classpath

needs any of huggingface_hub, torch and kagglehub. Ends with 0 if all agree.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

COMMIT = "0123456789abcdef0123456789abcdef01234567"
KAGGLE = "org/name/keras/tiny/3"
CLIENTS = {"hf": "huggingface_hub", "torchhub": "torch", "kaggle": "kagglehub"}
ROOT = pathlib.Path(__file__).resolve().parents[4]


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def make(given):
    """The files of three models; the weights of PyTorch Hub are a real checkpoint where torch can write one."""
    noise = random.Random(7)
    for name in ["hf/config.json", "hf/sub/vocab.txt", "kaggle/config.json", "kaggle/assets/tokenizer/vocabulary.txt"]:
        path = given / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"name": name}))
    for name in ["hf/model.safetensors", "kaggle/model.weights.h5"]:
        (given / name).write_bytes(noise.randbytes(300_000))
    folder = given / "torchhub"
    folder.mkdir()
    raw = folder / "raw"
    if importlib.util.find_spec("torch"):
        import torch

        torch.save({"weight": torch.arange(6.0).reshape(2, 3)}, raw)
    else:
        raw.write_bytes(noise.randbytes(10_000))
    raw.rename(folder / f"toy-{sha256(raw)[:8]}.pth")


def files(given):
    return {(path.parts[len(given.parts)], path.relative_to(given / path.parts[len(given.parts)]).as_posix()): sha256(path)
            for path in given.rglob("*") if path.is_file()}


def ban():
    """No socket but those of loopback servers that the caller started; none at all while a cache is read."""
    import socket

    def refused(*_, **__):
        raise RuntimeError("a socket was opened")

    socket.socket.connect = refused
    socket.socket.connect_ex = refused
    socket.getaddrinfo = refused


def python_reads(hub, given, cache):
    """Runs in a process of its own: the clients read their variables when they are imported."""
    ban()
    names = [name for of, name in files(given) if of == hub]
    found = {}
    if hub == "hf":
        from huggingface_hub import hf_hub_download, snapshot_download

        root = pathlib.Path(snapshot_download("org/name"))
        assert root.name == COMMIT, root
        for name in names:
            path = hf_hub_download("org/name", name)
            assert pathlib.Path(path) == root / name, path
            found[name] = sha256(path)
    elif hub == "torchhub":
        import torch

        torch.hub.set_dir(str(cache / "torch" / "hub"))
        url = "https://download.pytorch.org/models/" + names[0]
        state = torch.hub.load_state_dict_from_url(url, check_hash=True, weights_only=True, progress=False)
        assert state["weight"].tolist() == [[0, 1, 2], [3, 4, 5]], state
        found[names[0]] = sha256(cache / "torch/hub/checkpoints" / names[0])
    else:
        import kagglehub

        root = pathlib.Path(kagglehub.model_download(KAGGLE))
        for name in names:
            path = kagglehub.model_download(KAGGLE, name)
            assert pathlib.Path(path) == root / name, path
            found[name] = sha256(path)
    return found


def python_writes(hub, given, cache, addresses):
    """Fills a cache by the client's own code, from the loopback server where the client can be led there."""
    names = [name for of, name in files(given) if of == hub]
    if hub == "hf":
        from huggingface_hub import snapshot_download

        snapshot_download("org/name")
    elif hub == "torchhub":
        import torch

        torch.hub.set_dir(str(cache / "torch" / "hub"))
        torch.hub.load_state_dict_from_url(addresses[1] + names[0], check_hash=True, weights_only=True, progress=False)
    else:
        # Its address is fixed, so that only its cache can be asked to write.
        from kagglehub.cache import Cache
        from kagglehub.handle import parse_model_handle

        handle = parse_model_handle(KAGGLE)
        for name in names:
            path = pathlib.Path(Cache().get_path(handle, name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes((given / "kaggle" / name).read_bytes())
        Cache().mark_as_complete(handle)
    return {}


def java(arguments, command, *words):
    classes = pathlib.Path(arguments.classpath)
    path = classes.read_text().strip() if classes.is_file() else arguments.classpath
    own = [str(ROOT / folder) for folder in ("zoo/target/test-classes", "zoo/target/classes", "core/target/classes")]
    return [arguments.java, "-cp", os.pathsep.join([*own, path]), "dev.tailor.zoo.hubs.CacheMain", command, *map(str, words)]


def told(output):
    lines = [line.split(" ") for line in output.splitlines()]
    return {(line[0], " ".join(line[1:-1])): line[-1] for line in lines if line[0] in CLIENTS}


def environment(cache, addresses=None):
    variables = {name: value for name, value in os.environ.items()
                 if not name.startswith(("HF_", "HUGGING", "KAGGLE", "TORCH_H", "TRANSFORMERS_"))}
    variables.update(
        HF_HOME=str(cache / "huggingface"), HF_HUB_DISABLE_TELEMETRY="1", HF_HUB_DISABLE_XET="1",
        KAGGLEHUB_CACHE=str(cache / "kagglehub"), TORCH_HOME=str(cache / "torch"))
    variables.update({"HF_ENDPOINT": addresses[0]} if addresses else {"HF_HUB_OFFLINE": "1"})
    return variables


def step(arguments, kind, hub, given, cache, addresses=None):
    command = [sys.executable, __file__, "--step", kind, hub, str(given), str(cache), *(addresses or [])]
    done = subprocess.run(command, env=environment(cache, addresses), capture_output=True, text=True, timeout=300)
    if done.returncode:
        print(f"FAILED  {kind} {hub}\n{done.stderr}")
        return None
    return {(hub, name): digest for name, digest in json.loads(done.stdout.splitlines()[-1]).items()}


def compare(what, expected, found):
    agrees = found is not None and found == expected
    print(f"{'ok     ' if agrees else 'FAILED '} {what}: {len(expected)} files")
    if not agrees and found is not None:
        print("  expected", expected, "\n  found   ", found)
    return agrees


def main(arguments):
    installed = [hub for hub, client in CLIENTS.items() if importlib.util.find_spec(client)]
    for hub in set(CLIENTS) - set(installed):
        print(f"left out {hub}: {CLIENTS[hub]} is not installed")
    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(temporary)
        given, ours, theirs = work / "given", work / "java", work / "python"
        given.mkdir()
        make(given)
        expected = files(given)
        of = {hub: {key: digest for key, digest in expected.items() if key[0] == hub} for hub in CLIENTS}

        filled = subprocess.run(java(arguments, "fill", given, ours), capture_output=True, text=True, timeout=300)
        print(filled.stderr, end="")
        agree = [compare("Java fills its caches", expected, told(filled.stdout))]
        for hub in installed:
            agree.append(compare(f"{CLIENTS[hub]} reads what Java wrote, offline", of[hub],
                                 step(arguments, "read", hub, given, ours)))

        served = subprocess.Popen(java(arguments, "serve", given), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            addresses = served.stdout.readline().split()
            for hub in CLIENTS:
                if hub not in installed:
                    continue
                step(arguments, "write", hub, given, theirs, addresses)
        finally:
            served.stdin.close()
            served.wait(timeout=60)
        # Java reads all three; those that no client wrote come from its own cache.
        for hub, folder in [("hf", "huggingface"), ("torchhub", "torch"), ("kaggle", "kagglehub")]:
            if hub not in installed:
                (theirs / folder).parent.mkdir(parents=True, exist_ok=True)
                (ours / folder).rename(theirs / folder)
        read = subprocess.run(java(arguments, "read", given, theirs), capture_output=True, text=True, timeout=300)
        print(read.stderr, end="")
        found = told(read.stdout)
        for hub in installed:
            agree.append(compare(f"Java reads what {CLIENTS[hub]} wrote, offline", of[hub],
                                 {key: digest for key, digest in found.items() if key[0] == hub}))
    return 0 if all(agree) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--classpath", help="class path of the zoo's tests, or a file that holds it")
    parser.add_argument("--java", default="java")
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    given_arguments = parser.parse_args()
    if given_arguments.step:
        kind, hub, given, cache, *addresses = given_arguments.step
        work = python_reads if kind == "read" else python_writes
        rest = [] if kind == "read" else [addresses]
        print(json.dumps(work(hub, pathlib.Path(given), pathlib.Path(cache), *rest)))
    elif given_arguments.classpath:
        sys.exit(main(given_arguments))
    else:
        parser.error("--classpath is needed")
