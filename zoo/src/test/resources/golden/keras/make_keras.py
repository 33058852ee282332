"""Record what Keras computes for its ResNets: a small variant as a file of its own, and the full one on weights from the formula."""
import json, os, sys, zlib
os.environ["KERAS_BACKEND"] = "torch"
import numpy as np, keras
from PIL import Image
from keras.src.applications import resnet

out = sys.argv[1]
os.makedirs(out, exist_ok=True)


def unit(name, n):
    i = np.arange(n, dtype=np.uint64)
    x = ((np.uint64(zlib.crc32(name.encode())) + i * np.uint64(0x9E3779B9)) & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    x ^= x >> np.uint32(16); x *= np.uint32(0x85EBCA6B); x ^= x >> np.uint32(13); x *= np.uint32(0xC2B2AE35); x ^= x >> np.uint32(16)
    return x.astype(np.float64) / 4294967296.0


def formula(name, shape, norm, gain):
    n = int(np.prod(shape)); u = unit(name, n); s = 2 * u - 1
    if name.endswith("running_mean"): v = 0.1 * s
    elif name.endswith("running_var"): v = 1 + 0.5 * u
    elif len(shape) >= 2: v = s * np.sqrt(6.0 / np.prod(shape[1:])) * gain
    elif norm: v = 1 + 0.1 * s
    else: v = 0.1 * s
    return v.astype(np.float32).reshape(shape)


LEAF = {"kernel": "weight", "bias": "bias", "gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var"}


def fill(model, gain):
    """Each weight as the formula gives it for PyTorch's leaf name and layout; returns Keras' names and shapes."""
    shapes = {}
    for w in model.weights:
        layer, leaf = w.path.rsplit("/", 1)
        shape = list(w.shape); shapes[f"{layer}/{leaf}:0"] = shape
        turned = {4: (2, 3, 1, 0), 2: (1, 0)}.get(len(shape))
        own = [shape[3], shape[2], shape[0], shape[1]] if len(shape) == 4 else shape[::-1]
        v = formula(f"{layer}.{LEAF[leaf]}", own, leaf == "gamma", gain)
        w.assign(v if turned is None else v.transpose(turned))
    return shapes


def full(name):
    model = getattr(keras.applications, name)(weights=None, classifier_activation=None)
    x = (1.5 * (2 * unit("input", 3 * 224 * 224) - 1)).astype(np.float32).reshape(1, 3, 224, 224)
    for gain in (1.0, 1.25, 1.5, 2.0, 2.5, 3.0):
        shapes = fill(model, gain)
        y = np.asarray(model.predict(x.transpose(0, 2, 3, 1), verbose=0)); y2 = np.asarray(model.predict(x[:, :, :, ::-1].transpose(0, 2, 3, 1), verbose=0))
        d = np.abs(y - y2).max()
        print(name, gain, np.abs(y).max(), d)
        if d >= 0.006 * np.abs(y).max(): break
    json.dump({"library": "keras " + keras.__version__, "constructor": name, "gain": gain, "weights": shapes,
               "logits": y[0, ::25].astype(float).round(6).tolist(), "logits_of_mirrored_input": y2[0, ::25].astype(float).round(6).tolist(),
               "note": "every 25th of 1000 logits; the input is make_vision_golden.py's"}, open(os.path.join(out, f"{name.lower()}.json"), "w"), separators=(",", ":"))


def small():
    keras.utils.set_random_seed(7)
    def stack(x):
        x = resnet.stack_residual_blocks_v1(x, 4, 1, stride1=1, name="conv2")
        return resnet.stack_residual_blocks_v1(x, 8, 2, name="conv3")
    model = resnet.ResNet(stack, False, True, weights=None, input_shape=(48, 40, 3), classes=5, name="resnet")
    rng = np.random.default_rng(3)
    for w in model.weights:
        leaf = w.path.rsplit("/", 1)[1]
        if leaf in ("bias", "beta", "moving_mean"): w.assign(rng.normal(0, 0.2, w.shape))
        elif leaf in ("gamma", "moving_variance"): w.assign(rng.uniform(0.5, 1.5, w.shape))
    folder = os.path.join(out, "small"); os.makedirs(folder, exist_ok=True)
    model.save(os.path.join(folder, "model.h5"), include_optimizer=False)
    y, x = np.mgrid[0:90, 0:120]
    picture = np.stack([x * 2 % 256, y * 2 % 256, x * y // 16 % 256], -1).astype(np.uint8)
    Image.fromarray(picture).save(os.path.join(folder, "picture.png"))
    image = keras.utils.load_img(os.path.join(folder, "picture.png"), target_size=(48, 40))
    batch = keras.applications.resnet.preprocess_input(keras.utils.img_to_array(image)[None])
    p = np.asarray(model.predict(batch, verbose=0))[0]
    json.dump({"model_type": "keras/resnet50", "layers": [1, 2], "channels": [4, 8], "num_classes": 5,
               "transforms": {"mode": "caffe", "target_size": [48, 40], "interpolation": "nearest"}}, open(os.path.join(folder, "config.json"), "w"), indent=1)
    json.dump([float(v) for v in p], open(os.path.join(folder, "expected.json"), "w"))


small()
full("ResNet50")
