"""Checks that embedders which Tailor fitted and saved load in sentence-transformers and give the same vectors.

Nothing is downloaded: the base models are the small ones of the tests.

    mvn -q test-compile dependency:build-classpath -pl core,zoo,transfer -am -Dmdep.outputFile=/tmp/classpath
    python transfer/src/test/python/embedder_roundtrip.py --classpath /tmp/classpath

needs torch, transformers and sentence-transformers. Ends with 0 if all agree.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

# transformers looks for it, and a torchvision of another release than torch's fails; nothing here needs it.
sys.modules["torchvision"] = None

import numpy as np  # noqa: E402
from sentence_transformers import SentenceTransformer  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[4]
GOLDEN = ROOT / "transfer/src/test/resources/golden/text"
TEXTS = [
    "the old house",
    "a dark night by the river, and nobody sings",
    "we sing songs; they do not",
    "0 degrees, a white garden!",
    "",
    "the " * 300 + "end",
]

parser = argparse.ArgumentParser()
parser.add_argument("--classpath", required=True, help="a file with the jars of transfer's tests")
classpath = pathlib.Path(parser.parse_args().classpath).read_text().strip()
for module in ("core", "zoo", "transfer"):
    classpath = f"{ROOT}/{module}/target/classes:{classpath}"
classpath = f"{ROOT}/transfer/target/test-classes:{classpath}"

failed = False
for name in ("sentence-mean-normalized", "text-classification"):
    with tempfile.TemporaryDirectory() as folder:
        at = pathlib.Path(folder)
        (at / "texts.json").write_text(json.dumps({"texts": TEXTS}))
        subprocess.run(
            ["java", "-cp", classpath, "dev.tailor.transfer.EmbedderFolders"]
            + [str(GOLDEN / name), str(at / "out"), str(at / "texts.json"), str(at / "vectors.json")],
            check=True,
        )
        ours = np.array(json.loads((at / "vectors.json").read_text()), dtype=np.float32)
        theirs = SentenceTransformer(str(at / "out"), device="cpu").encode(TEXTS)
        difference = float(np.abs(ours - theirs).max())
        print(f"{name}: {ours.shape[1]} dimensions, largest difference {difference:.1e}")
        failed |= ours.shape != theirs.shape or difference > 1e-5
sys.exit(1 if failed else 0)
