#!/usr/bin/env python3
"""Record what transformers' pipelines find in pictures with the tiny random models of ../hf.

DIR/NAME/preprocessor_config.json   beside the model's own files in ../hf/MODEL
DIR/NAME/expected.json              detection: for each picture the boxes in its own pixels, before the pipeline cuts them to whole ones;
                                    segmentation: for each picture the number of pixels of each label and rows of the mask as text
The Pillow image processors are used: the torchvision ones compute on tensors and differ by a level.
Run: python make_pictures_golden.py           Needs torch, transformers, pillow.
"""
import json, os
import numpy as np, torch
from PIL import Image
from transformers import AutoModelForObjectDetection, AutoModelForSemanticSegmentation, pipeline
from transformers.models.detr.image_processing_pil_detr import DetrImageProcessorPil
from transformers.models.yolos.image_processing_pil_yolos import YolosImageProcessorPil
from transformers.models.segformer.image_processing_pil_segformer import SegformerImageProcessorPil

HERE = os.path.dirname(os.path.abspath(__file__))
HF = os.path.join(HERE, "..", "hf")
IMAGES = os.path.join(HERE, "..", "image", "images")
PICTURES = ["rgb-97x61.png", "rgb-300x200.png", "rgb-40x333.png", "grey-120x90.png", "palette-110x70.png", "rgba-90x120.png"]
DETECTION = {
    "detr": ("detr", DetrImageProcessorPil, {"size": {"shortest_edge": 64, "longest_edge": 107}}),
    "detr-old-size": ("detr", DetrImageProcessorPil, {"size": 50, "max_size": 80, "do_normalize": False}),
    "detr-exact-size": ("detr", DetrImageProcessorPil, {"size": {"height": 64, "width": 96}}),
    "yolos": ("yolos", YolosImageProcessorPil, {"size": {"shortest_edge": 96, "longest_edge": 160}}),
    "yolos-within": ("yolos", YolosImageProcessorPil, {"size": {"max_height": 80, "max_width": 64}}),
}
SEGMENTATION = {
    "segformer": ("segformer-seg", SegformerImageProcessorPil, {"size": {"height": 64, "width": 64}}),
    "segformer-wide": ("segformer-seg", SegformerImageProcessorPil, {"size": {"height": 64, "width": 96}, "do_reduce_labels": False}),
}


def picture(name):
    return Image.open(os.path.join(IMAGES, name)).convert("RGB")


def folder(name, processor):
    path = os.path.join(HERE, name)
    os.makedirs(path, exist_ok=True)
    config = {k: v for k, v in processor.to_dict().items() if v is not None}
    config["image_processor_type"] = type(processor).__name__.removesuffix("Pil")
    json.dump(config, open(os.path.join(path, "preprocessor_config.json"), "w"), indent=1, sort_keys=True)
    return path


def detection(name, model_name, kind, arguments):
    model = AutoModelForObjectDetection.from_pretrained(os.path.join(HF, model_name)).eval()
    processor = kind(**arguments)
    path = folder(name, processor)
    pipe = pipeline("object-detection", model=model, image_processor=processor, device="cpu")
    found = {}
    for file in PICTURES:
        image = picture(file)
        with torch.no_grad():
            outputs = model(**processor(images=[image], return_tensors="pt"))
        best = outputs.logits.softmax(-1)[0, :, :-1].max(-1).values.sort(descending=True).values.tolist()
        gap = max(range(1, len(best) - 1), key=lambda i: best[i] - best[i + 1])
        threshold = (best[gap] + best[gap + 1]) / 2
        raw = processor.post_process_object_detection(outputs, threshold, [(image.height, image.width)])[0]
        rows = [{"label": model.config.id2label[l.item()], "score": s.item(), "box": b.tolist()} for s, l, b in zip(raw["scores"], raw["labels"], raw["boxes"])]
        piped = pipe(image, threshold=threshold)
        assert [(r["label"], [int(v) for v in r["box"]]) for r in rows] == [(p["label"], [p["box"][k] for k in ("xmin", "ymin", "xmax", "ymax")]) for p in piped]
        found[file] = {"threshold": threshold, "objects": rows}
        print(name, file, len(rows), sorted({r["label"] for r in rows}))
    json.dump({"model": model_name, "pictures": found}, open(os.path.join(path, "expected.json"), "w"), indent=1)


def segmentation(name, model_name, kind, arguments):
    model = AutoModelForSemanticSegmentation.from_pretrained(os.path.join(HF, model_name)).eval()
    processor = kind(**arguments)
    path = folder(name, processor)
    pipe = pipeline("image-segmentation", model=model, image_processor=processor, device="cpu")
    found = {}
    for file in PICTURES:
        image = picture(file)
        with torch.no_grad():
            outputs = model(**processor(images=[image], return_tensors="pt"))
        mask = processor.post_process_semantic_segmentation(outputs, [(image.height, image.width)])[0].numpy()
        for part in pipe(image, subtask="semantic"):
            assert (np.array(part["mask"]) > 0).sum() == (mask == model.config.label2id[part["label"]]).sum()
        top = torch.nn.functional.interpolate(outputs.logits, size=(image.height, image.width), mode="bilinear", align_corners=False)[0].topk(2, dim=0).values
        near = int(((top[0] - top[1]) < 1e-5).sum())
        digits = np.array(list("0123456789abcdefghijklmnopqrstuvwxyz"))
        found[file] = {"pixels_too_near_to_call": near, "mask": ["".join(digits[row]) for row in mask]}
        print(name, file, np.unique(mask, return_counts=True), near)
    json.dump({"model": model_name, "pictures": found}, open(os.path.join(path, "expected.json"), "w"), indent=0)


if __name__ == "__main__":
    for name, row in DETECTION.items():
        detection(name, *row)
    for name, row in SEGMENTATION.items():
        segmentation(name, *row)
