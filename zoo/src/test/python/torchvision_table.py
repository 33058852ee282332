"""Writes the table of torchvision's published weights and the names of classes beside it, from torchvision's own enums.

Run by hand: python torchvision_table.py FOLDER, with the folder of torchvision-weights.tsv. Needs torch, torchvision.
"""
import pathlib
import sys

import torchvision
from torchvision.models import _meta, get_model_weights, list_models
from torchvision.transforms._presets import ImageClassification, ObjectDetection, SemanticSegmentation

folder = pathlib.Path(sys.argv[1])
KINDS = {ImageClassification: ("classification", "acc@1", "acc@5"), SemanticSegmentation: ("segmentation", "miou", "pixel_acc"), ObjectDetection: ("detection", "box_map", None)}
# Of the detectors, those that Tailor has; others are keyed differently.
DETECTORS = ("fasterrcnn_resnet50_fpn", "ssdlite320_mobilenet_v3_large")


def number(value):
    return repr(int(value) if value == int(value) else value)


def preset(weights):
    transforms = weights.transforms
    return transforms if isinstance(transforms, type) else transforms.func


def cells(model, weights):
    kind, *metrics = KINDS[preset(weights)]
    made, meta = weights.transforms(), weights.meta
    measured = next(iter(meta.get("_metrics", {}).values()), {})
    # Some are not a number.
    pick = lambda name: number(measured[name]) if name in measured and measured[name] == measured[name] else ""
    prepared = kind != "detection"
    size = meta.get("min_size", 1)
    return [
        model, weights.name, "1" if weights is type(weights).DEFAULT else "0", weights.url.split("/models/", 1)[1], kind,
        str(made.resize_size[0]) if prepared else "0", str(made.crop_size[0]) if kind == "classification" else "0",
        made.interpolation.value if prepared else "", ",".join(map(number, made.mean)) if prepared else "", ",".join(map(number, made.std)) if prepared else "",
        pick(metrics[0]), pick(metrics[1]), str(meta["num_params"]), str(size if isinstance(size, int) else size[0]),
        str(len(meta.get("categories") or ()) or 1000), "1" if model in ("googlenet", "inception_v3") else "0",
    ]


rows = []
for model in sorted(list_models(), key=lambda name: (KINDS.get(preset(get_model_weights(name).DEFAULT), "z")[0], torchvision.models.get_model_builder(name).__module__)):
    for weights in get_model_weights(model):
        if preset(weights) in KINDS and not model.startswith("quantized") and (preset(weights) is not ObjectDetection or model in DETECTORS):
            rows.append(cells(model, weights))
head = "model weights default file kind resize crop interpolation mean std metric1 metric2 parameters min_size classes transform_input".split()
(folder / "torchvision-weights.tsv").write_text(
    f"# Weights of torchvision {torchvision.__version__.split('+')[0]} on https://download.pytorch.org/models/, one row a member of a weights enum.\n"
    + "".join("\t".join(row) + "\n" for row in [head, *rows]))
for file, names, what in (("coco-classes.txt", _meta._COCO_CATEGORIES, "COCO, by the ids of its annotations"), ("voc-classes.txt", _meta._VOC_CATEGORIES, "Pascal VOC")):
    (folder / file).write_text(f"# The classes of {what}.\n" + "".join(name + "\n" for name in names))
