"""Loads a folder that SegmentationFolders wrote in transformers and compares the answers: python segmentation_roundtrip.py FOLDER"""

import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from transformers import AutoImageProcessor, AutoModelForSemanticSegmentation

folder = Path(sys.argv[1])
model, info = AutoModelForSemanticSegmentation.from_pretrained(folder, output_loading_info=True)
assert not any(info.values()), info
processor = AutoImageProcessor.from_pretrained(folder)
picture = Image.open(folder / "picture.png").convert("RGB")
with torch.no_grad():
    output = model.eval()(**processor(picture, return_tensors="pt"))
found = processor.post_process_semantic_segmentation(output, target_sizes=[picture.size[::-1]])[0].numpy()
answer = np.array(Image.open(folder / "answer.png"))
different = int((found != answer).sum())
print(model.config.id2label, "pixels of another label:", different, "of", answer.size)
# Pillow and torchvision resize pictures in slightly different ways.
assert different <= 0.002 * answer.size
