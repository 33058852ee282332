"""Records what transformers' image processors do to maps of labels, for SegmentationTuningTest: python segmentation_maps.py OUT.json

The map is 37 wide and 23 high; its id at (x, y) is (x * 7 + y * 5) % 11, and 255 where x + y is a multiple of 13.
"""

import json
import sys

import numpy as np
from PIL import Image
from transformers import MobileNetV2ImageProcessor, MobileViTImageProcessor, SegformerImageProcessor

y, x = np.mgrid[0:23, 0:37]
ids = ((x * 7 + y * 5) % 11).astype(np.uint8)
ids[(x + y) % 13 == 0] = 255
picture = Image.fromarray(np.zeros((23, 37, 3), np.uint8))
cases = [
    SegformerImageProcessor(size={"height": 20, "width": 28}),
    SegformerImageProcessor(size={"height": 64, "width": 48}, do_reduce_labels=True),
    MobileNetV2ImageProcessor(size={"shortest_edge": 30}, crop_size={"height": 24, "width": 26}),
    MobileViTImageProcessor(size={"shortest_edge": 17}, crop_size={"height": 16, "width": 16}, do_reduce_labels=True),
]
records = []
for processor in cases:
    made = processor(picture, segmentation_maps=Image.fromarray(ids), return_tensors="np")
    labels = np.asarray(made["labels"][0])
    assert labels.shape == made["pixel_values"].shape[2:]
    records.append({"processor": json.loads(processor.to_json_string()), "shape": labels.shape, "ids": labels.flatten().tolist()})
with open(sys.argv[1], "w") as file:
    json.dump({"cases": records}, file)
