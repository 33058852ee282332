#!/usr/bin/env python3
"""Store recorded models of other folders as PyTorch does: pytorch_model.bin, in shards or alone, zipped or in the older format.

Run: python make_bin_golden.py HF_FOLDERS OUT
"""
import json, os, shutil, sys
import torch
from safetensors.torch import load_file
SOURCE, OUT = sys.argv[1:]
for name, source, zipped, shards in (("distilbert-bin", "distilbert-model", True, 1), ("electra-bin-legacy", "electra-model", False, 1), ("mpnet-bin-sharded", "mpnet-model", True, 2)):
    f = os.path.join(OUT, name); os.makedirs(f, exist_ok=True)
    for x in ("config.json", "golden.json", "golden.safetensors"): shutil.copyfile(os.path.join(SOURCE, source, x), os.path.join(f, x))
    state = load_file(os.path.join(SOURCE, source, "model.safetensors")); names = list(state)
    if shards == 1: torch.save(state, os.path.join(f, "pytorch_model.bin"), _use_new_zipfile_serialization=zipped); continue
    where = {n: f"pytorch_model-{i * shards // len(names) + 1:05d}-of-{shards:05d}.bin" for i, n in enumerate(names)}
    for shard in set(where.values()): torch.save({n: state[n] for n in names if where[n] == shard}, os.path.join(f, shard), _use_new_zipfile_serialization=zipped)
    json.dump({"metadata": {"total_size": sum(t.numel() * t.element_size() for t in state.values())}, "weight_map": where}, open(os.path.join(f, "pytorch_model.bin.index.json"), "w"), indent=1)
torch.save(load_file(os.path.join(OUT, "../text/sentence-mean-dense-normalized/2_Dense/model.safetensors")), os.path.join(OUT, "../text/dense.bin"))
