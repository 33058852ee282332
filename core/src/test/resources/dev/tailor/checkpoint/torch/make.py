"""Writes the fixtures beside this file with torch 2.13 and safetensors 0.8.

Each x.pt (or .bin) has an x.safetensors with the same tensors under the names and with the values that a reader must give.
"""
import collections, io, json, os, zipfile
import torch
from safetensors.torch import save_file

os.chdir(os.path.dirname(os.path.abspath(__file__)))
torch.manual_seed(5)

VALUES = [0.0, 1.0, -2.0, 0.5, 3.140625, 100.0]
TYPES = dict(F64=torch.float64, F32=torch.float32, F16=torch.float16, BF16=torch.bfloat16, I64=torch.int64,
             I32=torch.int32, I16=torch.int16, I8=torch.int8, U8=torch.uint8, BOOL=torch.bool)
types = {name: torch.tensor([abs(v) if name == "U8" else v for v in VALUES]).to(dtype).reshape(2, 3)
         for name, dtype in TYPES.items()}
types |= {"scalar": torch.tensor(1.5), "empty": torch.zeros(0, 4), "1": torch.tensor([7])}

base = torch.arange(60.0).reshape(3, 4, 5)
views = dict(whole=base, transposed=base.permute(2, 0, 1), row=base[1], column=base[:, 1, 2], steps=base[::2, 1:, ::3],
             expanded=torch.tensor([1.0, 2.0]).expand(3, 2), channels_last=torch.randn(2, 3, 4, 5).to(
                 memory_format=torch.channels_last), one=base[1:2, :, 3:4], tail=base.reshape(-1)[57:],
             half=torch.randn(4, 6).half().t(), bytes=torch.arange(12, dtype=torch.uint8).reshape(3, 4).t(),
             double=torch.randn(3, 2).double().t(), nothing=base[:0].transpose(1, 2))

linear = torch.nn.Linear(3, 2)
tied = collections.OrderedDict(embed=linear.weight, decoder=linear.weight, bias=linear.bias)


def write(name, obj, expected, **how):
    torch.save(obj, name + ".pt", **how)
    save_file({k: v.detach().clone().contiguous() for k, v in expected.items()}, name + ".safetensors")


for tag, how in dict(zip=dict(), legacy=dict(_use_new_zipfile_serialization=False)).items():
    write("types-" + tag, types, types, **how)
    write("views-" + tag, views, views, **how)
    write("tied-" + tag, tied, tied, **how)
    for protocol in (1, 3, 4, 5):
        small = {"a.weight": base[0], "a.bias": base[0, 0]}
        write(f"protocol{protocol}-{tag}", small, small, pickle_protocol=protocol, **how)

# A training script's file: parameters, a wrapper's prefix, other data, and what the optimizer keeps.
model = torch.nn.DataParallel(torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2)))
optimizer = torch.optim.Adam(model.parameters())
model.module(torch.randn(4, 3)).sum().backward()
optimizer.step()
state = {k.removeprefix("module."): v for k, v in model.state_dict().items()}
write("training", dict(epoch=7, best_acc1=91.25, arch="resnet20", classes=["cat", "dog"], big=2**70, flag=True,
                       nothing=None, raw=b"\x00\xff", device=torch.device("cpu"), size=torch.Size([2, 3]),
                       dtype=torch.float32, best=torch.tensor(0.5), seen={1, 2}, ids=(1, -2, 300, 70000),
                       state_dict=model.state_dict(), optimizer=optimizer.state_dict()), state)
write("nested", dict(encoder=dict(layer={"weight": base[0]}), decoder={"weight": base[1]}),
      {"encoder.layer.weight": base[0], "decoder.weight": base[1]})
write("ema", dict(model={"w": base[0]}, model_ema={"module.w": base[1]}), {"w": base[1]})

# What a file may hold and Tailor does not compute with, beside what it does.
foreign = dict(good=base[0], complex=torch.zeros(2, dtype=torch.complex64), uint16=torch.zeros(2, dtype=torch.uint16),
               float8=torch.zeros(2, dtype=torch.float8_e4m3fn), sparse=torch.eye(2).to_sparse(),
               meta=torch.zeros(2, device="meta"), quantised=torch.quantize_per_tensor(torch.zeros(2), 0.1, 0, torch.qint8))
torch.save(foreign, "foreign.pt")
attribute = torch.nn.Parameter(base[0].clone())
attribute.note = "kept by torch as state"
write("attribute", {"w": attribute}, {"w": attribute})

torch.jit.script(torch.nn.ReLU()).save("torchscript.pt")


def repacked(name, source, change=lambda n, b: b, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(source) as a, zipfile.ZipFile(name, "w", method) as b:
        for entry in a.infolist():
            b.writestr(zipfile.ZipInfo(entry.filename), change(entry.filename, a.read(entry)), method)


repacked("big-endian.pt", "nested.pt", lambda n, b: b"big" if n.endswith("byteorder") else b)
repacked("compressed.pt", "nested.pt", method=zipfile.ZIP_DEFLATED)
repacked("short-storage.pt", "nested.pt", lambda n, b: b[:-4] if n.endswith("data/0") else b)

# Two shards and their index, as transformers 4 writes them.
os.makedirs("sharded", exist_ok=True)
torch.save({"module.a": base[0], "module.b": base[1]}, "sharded/pytorch_model-00001-of-00002.bin")
torch.save({"c": base[2]}, "sharded/pytorch_model-00002-of-00002.bin")
with open("sharded/pytorch_model.bin.index.json", "w") as out:
    json.dump({"metadata": {}, "weight_map": {"module.a": "pytorch_model-00001-of-00002.bin",
               "module.b": "pytorch_model-00001-of-00002.bin", "c": "pytorch_model-00002-of-00002.bin"}}, out)
