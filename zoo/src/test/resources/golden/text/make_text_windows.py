#!/usr/bin/env python3
"""Record long texts, masks and targets with transformers' pipelines on the tiny models beside this file.

Every text is tokenized whole and then cut into windows: tokenizers 0.23 by itself stops at the word that fills one window
(https://github.com/huggingface/tokenizers/issues/2091), so that its overflowing windows lack the rest of a text.
Question answering needs transformers 4.57, the last version with that pipeline.
Run: python make_text_windows.py FOLDER    where FOLDER holds token-classification, question-answering and fill-mask.
"""
import json, os, random, sys
import torch
from transformers import AutoModelForMaskedLM, AutoModelForQuestionAnswering, AutoModelForTokenClassification, AutoTokenizer, pipeline
from transformers.tokenization_utils_base import BatchEncoding

FOLDER = sys.argv[1]
WORDS = ("Maria Garcia works for Acme Corp in New York City she said that the service was terrible and slow A small company in Paris sells hand made shoes "
         "Water boils at 100 degrees John Smith flew from London to Tokyo on Monday with Japan Airlines \U0001F642 Größe naïve café Zürich 日本語 don't [CLS] [MASK]").split()


class Whole:
    """A tokenizer whose windows hold all of a text."""
    def __init__(self, tokenizer): self.__dict__["inner"] = tokenizer
    def __getattr__(self, name): return getattr(self.inner, name)
    def __call__(self, text, text_pair=None, truncation=None, max_length=None, stride=0, return_tensors=None, padding=None, **kw):
        t = self.inner._tokenizer; t.no_truncation()
        first = t.encode(text, add_special_tokens=False); second = None if text_pair is None else t.encode(text_pair, add_special_tokens=False)
        t.enable_truncation(max_length or self.inner.model_max_length, stride=stride, strategy=truncation if isinstance(truncation, str) else "longest_first")
        e = t.post_process(first, second); es = [e] + e.overflowing if kw.get("return_overflowing_tokens") else [e]
        # Behind the first window a separate post_process forgets the segment of the second text.
        types = [[0] * len(x.ids) if second is None else [0] * x.sequence_ids.index(1) + [1] * (len(x.ids) - x.sequence_ids.index(1)) for x in es]
        data = {"input_ids": [x.ids for x in es], "token_type_ids": types, "attention_mask": [x.attention_mask for x in es],
                "special_tokens_mask": [x.special_tokens_mask for x in es], "offset_mapping": [x.offsets for x in es]}
        if return_tensors:   # rows of one length each: the pipeline takes them one by one
            data = {k: [torch.tensor(r) for r in v] for k, v in data.items()}
        for x in ("token_type_ids",):
            if x not in self.inner.model_input_names and return_tensors: data.pop(x)
        return BatchEncoding(data, es)


def clean(o):
    if isinstance(o, dict): return {k: clean(v) for k, v in o.items()}
    if isinstance(o, (list, tuple)): return [clean(v) for v in o]
    return o.item() if hasattr(o, "item") else o


def text(rng, n): return "".join(rng.choice(WORDS) + rng.choice([" ", " ", " ", ", ", ". ", "  "]) for _ in range(n))


def write(name, cases):
    os.makedirs(os.path.join(FOLDER, name), exist_ok=True)
    with open(os.path.join(FOLDER, name, "cases.json"), "w") as f: json.dump(cases, f, indent=1, ensure_ascii=False)
    print(name, len(cases))


def entities():
    f = os.path.join(FOLDER, "token-classification"); rng = random.Random(1); cases = []
    m = AutoModelForTokenClassification.from_pretrained(f).eval()
    for strategy in ("simple", "first", "average", "max"):
        for stride, n in ((0, 60), (5, 30), (16, 90), (24, 4)):
            p = pipeline("token-classification", model=m, tokenizer=AutoTokenizer.from_pretrained(f), aggregation_strategy=strategy, stride=stride)
            p.tokenizer = Whole(p.tokenizer); s = text(rng, n)
            cases.append({"call": f"token-classification, aggregation_strategy={strategy}, stride={stride}", "input": s, "output": clean(p(s))})
    p = pipeline("token-classification", model=m, tokenizer=AutoTokenizer.from_pretrained(f))
    for s in ("", "\U0001F642 John\U0001F642Smith", text(rng, 9)): cases.append({"call": "token-classification, aggregation_strategy=none", "input": s, "output": clean(p(s))})
    write("token-classification-windows", cases)


def masks():
    f = os.path.join(FOLDER, "fill-mask"); cases = []
    p = pipeline("fill-mask", model=AutoModelForMaskedLM.from_pretrained(f).eval(), tokenizer=AutoTokenizer.from_pretrained(f))
    for s in ("[MASK]", "The [MASK] brown [MASK] jumps.", "[PAD] the [MASK] [PAD]", "don't [MASK] , it 's fine ."):
        cases.append({"call": "fill-mask, top_k=3", "input": s, "output": clean(p(s, top_k=3))})
    for targets in (["the", "##s", "service"], ["Berlin", "xyzzy"]):
        cases.append({"call": f"fill-mask, top_k=5, targets=[{', '.join(targets)}]", "input": "Why is the [MASK] blue?", "output": clean(p("Why is the [MASK] blue?", targets=targets, top_k=5))})
    write("fill-mask-more", cases)


def answers(factory):
    f = os.path.join(FOLDER, "question-answering"); rng = random.Random(2); cases = []
    t = AutoTokenizer.from_pretrained(f); t.model_input_names = ["input_ids", "token_type_ids", "attention_mask"]
    p = factory(model=AutoModelForQuestionAnswering.from_pretrained(f).eval(), tokenizer=t); p.tokenizer = Whole(t)
    for i in range(16):
        kw = dict(max_seq_len=rng.choice([32, 48]), doc_stride=rng.choice([0, 4, 10]), max_answer_len=rng.choice([1, 4, 15]), top_k=rng.choice([1, 2, 6]),
                  handle_impossible_answer=rng.random() < 0.4, align_to_words=rng.random() < 0.7)
        q, c = text(rng, 3), text(rng, rng.choice([12, 40, 80]))
        call = "question-answering, max_context_len=100000, " + ", ".join(f"{k}={v}" for k, v in kw.items())
        cases.append({"call": call, "input": {"question": q, "context": c}, "output": clean(p(question=q, context=c, **kw))})
    write("question-answering-windows", cases)


if __name__ == "__main__":
    entities(); masks()
    answers(lambda **kw: pipeline("question-answering", **kw))
