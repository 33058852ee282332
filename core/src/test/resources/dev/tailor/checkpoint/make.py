"""Writes the fixtures beside this file, except the copied ones, with safetensors 0.8.0 and torch 2.13."""
import glob, hashlib, json, os, struct
import torch
from safetensors.torch import save_file

os.chdir(os.path.dirname(os.path.abspath(__file__)))

# One tensor of every type; the values of each are VALUES converted. Names sort differently in UTF-8 and in UTF-16.
VALUES = [0.0, 1.0, -2.0, 0.5, 3.140625, 100.0]
TYPES = dict(F64=torch.float64, F32=torch.float32, F16=torch.float16, BF16=torch.bfloat16, I64=torch.int64,
             I32=torch.int32, I16=torch.int16, I8=torch.int8, U8=torch.uint8, BOOL=torch.bool)
tensors = {name: torch.tensor([abs(v) if name == "U8" else v for v in VALUES]).to(dtype).reshape(2, 3)
           for name, dtype in TYPES.items()}
tensors |= {"\U0001f600": torch.tensor(1.0), "\uff5e": torch.tensor(2.0), "empty": torch.zeros(0, 4),
            "tab\t\"quote\"\\\x01\x7f/": torch.tensor([7], dtype=torch.int64)}
save_file(tensors, "all-types.safetensors", {"format": "pt"})

# The sha256 of every tensor's bytes, found without the library: file, name as JSON, type, shape, digest.
with open("digests.tsv", "w", encoding="utf-8") as out:
    for file in sorted(glob.glob("*.safetensors")):
        data = open(file, "rb").read()
        length = struct.unpack("<Q", data[:8])[0]
        for name, t in json.loads(data[8:8 + length]).items():
            if name != "__metadata__":
                begin, end = (8 + length + o for o in t["data_offsets"])
                out.write("\t".join([file, json.dumps(name), t["dtype"], str(t["shape"]),
                                     hashlib.sha256(data[begin:end]).hexdigest()]) + "\n")
