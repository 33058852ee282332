"""Checks that PEFT and Tailor read each other's LoRA adapters with the same logits.

Nothing is downloaded: the base models are made here with random weights.

    mvn -q test-compile dependency:build-classpath -pl core,zoo,transfer -am -Dmdep.outputFile=/tmp/classpath
    python transfer/src/test/python/peft_roundtrip.py --classpath /tmp/classpath

needs torch, transformers, peft and tokenizers. Ends with 0 if all agree.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

# transformers looks for it, and a torchvision of another release than torch's fails; nothing here needs it.
sys.modules["torchvision"] = None

import torch  # noqa: E402
from peft import LoraConfig, PeftModel, TaskType, get_peft_model  # noqa: E402
from tokenizers import Tokenizer, models, pre_tokenizers, processors  # noqa: E402
from transformers import (  # noqa: E402
    AutoModelForSequenceClassification,
    BertConfig,
    DistilBertConfig,
    PreTrainedTokenizerFast,
    RobertaConfig,
)

ROOT = pathlib.Path(__file__).resolve().parents[4]
TOLERANCE = 1e-5
LABELS = {"id2label": {0: "bad", 1: "good"}, "label2id": {"bad": 0, "good": 1}}
SMALL = {"vocab_size": 60, "max_position_embeddings": 48, **LABELS}
CASES = {
    "bert": (BertConfig(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64, **SMALL),
             [], ["query", "value"]),
    "distilbert": (DistilBertConfig(dim=32, n_layers=2, n_heads=4, hidden_dim=64, **SMALL),
                   ["q_lin", "k_lin", "v_lin", "out_lin", "lin1", "lin2"], ["q_lin", "lin2"]),
    "roberta": (RobertaConfig(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64, **SMALL),
                ["query", "key", "intermediate.dense"], ["value", "output.dense"]),
}


def make(folder, config):
    torch.manual_seed(7)
    AutoModelForSequenceClassification.from_config(config).save_pretrained(folder)
    words = "film she said it is yesterday funny and touching beautifully shot customers love them save time data".split()
    words += "terrible slow my card was declined the service lazy :".split()
    vocabulary = {word: i for i, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *dict.fromkeys(words)])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]",
                            sep_token="[SEP]", model_max_length=32).save_pretrained(folder)


def java(arguments, *command):
    classpath = arguments.classpath.read_text().strip().split(os.pathsep)
    own = [str(ROOT / module / "target" / kind) for module in ["transfer", "zoo", "core"] for kind in ["test-classes", "classes"]]
    subprocess.run(["java", "-cp", os.pathsep.join(own + classpath), "dev.tailor.transfer.PeftFolders", *map(str, command)],
                   check=True, timeout=300)


def compare(name, found, logits):
    expected = logits.detach().flatten()
    difference = (torch.tensor(found) - expected).abs().max().item()
    good = len(found) == expected.numel() and difference <= TOLERANCE
    print(f"{'ok ' if good else 'BAD'} {name}: largest difference {difference:.1e}")
    return good


def base_model(folder):
    return AutoModelForSequenceClassification.from_pretrained(folder)


def check(name, arguments, work):
    config, ours, theirs = CASES[name]
    base = work / name
    make(base, config)
    torch.manual_seed(3)
    ids = torch.randint(4, 30, (3, 9))
    mask = torch.ones_like(ids)
    mask[1, 6:] = 0
    inputs = work / "inputs.json"
    inputs.write_text(json.dumps({"input_ids": ids.tolist(), "attention_mask": mask.tolist()}))
    logits = work / "logits.json"

    java(arguments, "save", base, work / f"{name}-tailor", inputs, logits, *ours)
    with torch.no_grad():
        plain = base_model(base).eval()(input_ids=ids, attention_mask=mask).logits
        adapted = PeftModel.from_pretrained(base_model(base), work / f"{name}-tailor").eval()
        expected = adapted(input_ids=ids, attention_mask=mask).logits
    good = compare(f"{name}: Tailor saved, PEFT loaded", json.loads(logits.read_text()), expected)
    if torch.allclose(plain, expected, atol=1e-3):
        print(f"BAD {name}: the adapter changes nothing")
        good = False

    adapted = get_peft_model(base_model(base), LoraConfig(task_type=TaskType.SEQ_CLS, r=3, lora_alpha=5, target_modules=theirs))
    with torch.no_grad():
        for key, weight in adapted.named_parameters():
            if "lora_B" in key:
                weight.normal_(0, 0.2)
        expected = adapted.eval()(input_ids=ids, attention_mask=mask).logits
    adapted.save_pretrained(work / f"{name}-peft")
    java(arguments, "load", base, work / f"{name}-peft", inputs, logits)
    return compare(f"{name}: PEFT saved, Tailor loaded", json.loads(logits.read_text()), expected) and good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--classpath", type=pathlib.Path, required=True, help="a file with the class path of Maven")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        results = [check(name, arguments, pathlib.Path(work)) for name in CASES]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
