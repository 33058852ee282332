#!/usr/bin/env python3
"""Records what transformers' tokenizers make of random Unicode text, from old tokenizer files alone.

Usage: python make_tokenizer_fuzz.py FOLDER...   Each folder holds tokenizer files; fuzz.json is written into it.
The folders with sentencepiece models were recorded with the slow tokenizers of transformers 4.57.6, all others with 5.18.0.
For sentencepiece no marks are stacked and no half-width voiced sounds occur: the tokenizers library normalizes such clusters
otherwise than sentencepiece does, in its own conversions too.
"""
import json, os, random, re, sys, transformers, unicodedata
ALPHABETS = ["abc xyz", "The quick brown fox ", "ÀÉîöüßçñ ", "\u0301\u0308\u0327e", "日本語中文漢字カタカナひらがな ", "한국어 ", "مرحبا بالعالم ", "שלום עולם ", "हिन्दी नमस्ते", "ไทย", "🙂👩\u200d👩\u200d👧🏽\ufe0f🇩🇪", "\t\n\r \u00a0\u3000\u2009\u200b", "\x00\x01\x07\x1f\x7f\x85\xad\ufeff\u2060", "ﬁ①½Åﾊﾟ㎏Ⅷ", "!?.,;:'\"`-–—…()[]{}<>@#%&*+=/\\|~^_$€", "0123456789,.", "\ufffd\ue000\U000f0000", "''``", "▁ ▁▁", "İıſK"]
WORDS = ["<s>", "</s>", "<mask>", "[MASK]", "[CLS]", "[SEP]", "<unk>", "[UNK]", "<pad>", "<extra_id_0>", "don't", "1,000,", "Größe", "Acme Corp", "  ", " "]
def text(r):
    out = []
    for _ in range(r.randint(1, 12)):
        if r.random() < 0.15: out.append(r.choice(WORDS))
        elif r.random() < 0.9:
            a = r.choice(ALPHABETS); out.append("".join(r.choice(a) for _ in range(r.randint(1, 8))))
        else: out.append(chr(r.choice([r.randint(1, 0xD7FF), r.randint(0xE000, 0xFFFD), r.randint(0x10000, 0x1FFFF)])))
        if r.random() < 0.4: out.append(" ")
    return "".join(out)
for f in sys.argv[1:]:
    r = random.Random(7); c = json.load(open(os.path.join(f, "tokenizer_config.json")))
    t = getattr(transformers, c["tokenizer_class"]).from_pretrained(f)
    cs = []
    pieces = any(n.endswith(".model") for n in os.listdir(f))
    while len(cs) < 120:
        x = text(r)
        if pieces and re.search("[\u0300-\u036f\uff9f]|</s>\s*$", x): continue
        # Python strips marks of a combining class, the tokenizers library all marks.
        if "albert" in f and any(unicodedata.category(c)[0] == "M" for c in x): continue
        cs.append({"input": x, "output": t(x)["input_ids"]})
    json.dump(cs, open(os.path.join(f, "fuzz.json"), "w"), separators=(",", ":"))
    print(f, len(cs), t.is_fast)
