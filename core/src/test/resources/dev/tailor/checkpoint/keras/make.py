"""Writes the fixtures beside this file with h5py 3.16, in the layouts of Keras 2 (legacy) and Keras 3."""
import os
import h5py, numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))


def values(*shape, dtype="float32"):
    return np.arange(np.prod(shape, dtype=int), dtype=dtype).reshape(shape)


LAYERS = {"input_1": {}, "conv1": {"conv1/kernel:0": values(2, 3, 4, 5), "conv1/bias:0": values(5) / 2},
          "bn": {"bn/gamma:0": values(5) + 1, "bn/beta:0": -values(5), "bn/moving_mean:0": values(5) * 2,
                 "bn/moving_variance:0": values(5) + 0.5},
          "half": {"half/kernel:0": values(3, dtype="float16"), "half/steps:0": np.int64(7),
                   "half/flags:0": np.array([True, False])}}


def legacy(group, layers, parts=1):
    names = [n.encode() for n in layers]
    if parts == 1:
        group.attrs["layer_names"] = names
    else:
        for i, part in enumerate(np.array_split(names, parts)):
            group.attrs[f"layer_names{i}"] = part
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = "2.15.0"
    for layer, weights in layers.items():
        g = group.create_group(layer)
        g.attrs["weight_names"] = [n.encode() for n in weights]
        for name, value in weights.items():
            g.create_dataset(name, data=value)


with h5py.File("weights.h5", "w") as f:
    legacy(f, LAYERS)
with h5py.File("model.h5", "w") as f:
    legacy(f.create_group("model_weights"), LAYERS, parts=2)
    f.attrs["model_config"] = "{}"
    f.create_group("optimizer_weights").create_dataset("iter:0", data=1)
with h5py.File("late.h5", "w", libver=("v110", "v110")) as f:
    legacy(f, LAYERS)
with h5py.File("odd.h5", "w") as f:
    legacy(f, {"a": {"good:0": values(2), "big_endian:0": values(2).astype(">f4")}, "b": {"good:0": values(3)}})
    for name, how in dict(chunked=dict(chunks=(2,)), packed=dict(compression="gzip")).items():
        f["a"].create_dataset(name, data=values(4), **how)
    f["a"].create_dataset("complex", data=np.zeros(2, complex))
    f["a"].attrs["weight_names"] = [b"good:0", b"big_endian:0", b"chunked", b"packed", b"complex"]
with h5py.File("k3.weights.h5", "w") as f:
    f.create_dataset("layers/dense/vars/0", data=values(3, 2))
    f.create_dataset("layers/dense/vars/1", data=values(2))
    f.create_dataset("optimizer/vars/0", data=1)
with h5py.File("missing.h5", "w") as f:
    legacy(f, {"a": {"x:0": values(1)}})
    f["a"].attrs["weight_names"] = [b"x:0", b"y:0"]
with h5py.File("loop.h5", "w") as f:
    f["again"] = f["/"]
with h5py.File("other.h5", "w") as f:
    f.attrs["title"] = "no weights"
with h5py.File("opaque.weights.h5", "w") as f:
    # Keras 3 writes bfloat16 as an opaque type, which jhdf 0.13 cannot read.
    f.create_dataset("layers/short/vars/0", data=np.zeros(2, "V2"))
