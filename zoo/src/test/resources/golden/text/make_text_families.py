#!/usr/bin/env python3
"""Record transformers' text pipelines on tiny models of several families, with the kind of tokenizer that each family has.

Byte-level merges (RoBERTa, BART) and unigrams of sentencepiece (XLM-RoBERTa, DeBERTa v2) tell words by the space before them,
which offsets, decoded tokens and windows depend on.
Every long text is tokenized whole and then cut into windows, as make_text_windows.py explains.
Needs transformers 4.57, the last version with a pipeline for question answering.
Run: python make_text_families.py FOLDER    makes FOLDER/roberta-token-classification and so on.
"""
import json, os, random, sys
import torch, transformers
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (BartConfig, BartForSequenceClassification, BartTokenizerFast, DebertaV2Config, DebertaV2ForQuestionAnswering, DebertaV2ForSequenceClassification,
                          DebertaV2TokenizerFast, DistilBertConfig, DistilBertForSequenceClassification, DistilBertTokenizerFast, RobertaConfig, RobertaForMaskedLM, RobertaForQuestionAnswering,
                          RobertaForSequenceClassification, RobertaForTokenClassification, RobertaTokenizerFast, XLMRobertaConfig, XLMRobertaForMaskedLM, XLMRobertaForTokenClassification,
                          XLMRobertaTokenizerFast, pipeline)
from make_text_windows import Whole as Windows, clean
transformers.logging.set_verbosity_error()
OUT = sys.argv[1]
TEXT = """The quick brown fox jumps over the lazy dog near the river bank in Berlin. A small company in Paris sells hand made shoes, and its customers love them!
Maria Garcia works for Acme Corp in New York City; she said that the service was terrible and slow. The film was touching, funny and beautifully shot.
Water boils at 100 degrees. How much does shipping cost to Canada? My card was declined twice yesterday - please help me. I would like to reset my password.
Why is the sky blue? Because air scatters short wavelengths more than long ones. John Smith flew from London to Tokyo on Monday with Japan Airlines. Größe, naïve café."""
WORDS = ("Maria Garcia works for Acme Corp in New York City she said that the service was terrible and slow A small company in Paris sells hand made shoes "
         "Water boils at 100 degrees John Smith flew from London to Tokyo on Monday with Japan Airlines \U0001F642 Größe naïve café Zürich 日本語 don't").split()
ODD = ["", "John", "  John  Smith ", "\U0001F642 John\U0001F642Smith flew.", "Maria Garcia, of Acme Corp (New York)", "don't\tstop\nin Paris", "日本語 Tokyo", "naïve café e\u0301"]
LENGTH = 48


class Whole(Windows):
    """Trims offsets once: to process tokens that were processed before would take the spaces from them twice."""
    def __call__(self, *args, **kw):
        t = self.inner._tokenizer; kept = t.post_processor
        class Once:
            def __getattr__(_, name): return getattr(t, name)
            def encode(_, *a, **k):
                t.post_processor = processors.TemplateProcessing(single="$A", pair="$A $B", special_tokens=[])
                try: return t.encode(*a, **k)
                finally: t.post_processor = kept
        inner = self.inner
        class Inner:
            _tokenizer = Once()
            def __getattr__(_, name): return getattr(inner, name)
        self.__dict__["inner"] = Inner()
        try: return super().__call__(*args, **kw)
        finally: self.__dict__["inner"] = inner


TRAINED = {}


def once(name, train):
    """Training gives another vocabulary each time."""
    if name not in TRAINED: TRAINED[name] = train().to_str()
    return Tokenizer.from_str(TRAINED[name])


def text(rng, n): return "".join(rng.choice(WORDS) + rng.choice([" ", " ", " ", ", ", ". ", "  "]) for _ in range(n)).strip()


def train_byte_level():
    t = Tokenizer(models.BPE()); t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False); t.decoder = decoders.ByteLevel()
    t.train_from_iterator(TEXT.split("\n"), trainers.BpeTrainer(vocab_size=360, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=["<s>", "<pad>", "</s>", "<unk>"], show_progress=False))
    t.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False)])
    t.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False)
    return t


def byte_level(cls):
    t = once("byte level", train_byte_level)
    return cls(tokenizer_object=t, model_max_length=LENGTH, mask_token=AddedToken("<mask>", lstrip=True, normalized=False))


def pieces(specials, template):
    t = Tokenizer(models.Unigram()); t.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(__import__("tokenizers").Regex(" {2,}"), " ")])
    t.pre_tokenizer = pre_tokenizers.Metaspace(); t.decoder = decoders.Metaspace()
    t.train_from_iterator(TEXT.split("\n"), trainers.UnigramTrainer(vocab_size=260, special_tokens=specials, unk_token=next(s for s in specials if "unk" in s.lower()), show_progress=False))
    return t, {s: t.token_to_id(s) for s in specials}


def train_xlm():
    t, ids = pieces(["<s>", "<pad>", "</s>", "<unk>"], None)
    t.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False)])
    t.post_processor = processors.TemplateProcessing(single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", ids["<s>"]), ("</s>", ids["</s>"])])
    return t


def xlm():
    t = once("xlm", train_xlm)
    return XLMRobertaTokenizerFast(tokenizer_object=t, model_max_length=LENGTH, mask_token=AddedToken("<mask>", lstrip=True, normalized=False))


def train_deberta():
    t, ids = pieces(["[PAD]", "[CLS]", "[SEP]", "[UNK]"], None)
    t.add_special_tokens(["[MASK]"])
    t.post_processor = processors.TemplateProcessing(single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])])
    return t


def deberta():
    t = once("deberta", train_deberta)
    return DebertaV2TokenizerFast(tokenizer_object=t, model_max_length=LENGTH)


def train_word_pieces():
    t = Tokenizer(models.WordPiece(unk_token="[UNK]")); t.normalizer = normalizers.BertNormalizer(lowercase=True); t.pre_tokenizer = pre_tokenizers.BertPreTokenizer(); t.decoder = decoders.WordPiece()
    t.train_from_iterator(TEXT.split("\n"), trainers.WordPieceTrainer(vocab_size=220, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False))
    t.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return t


def word_pieces():
    t = once("word pieces", train_word_pieces)
    return DistilBertTokenizerFast(tokenizer_object=t, model_max_length=LENGTH)


def labels(*names): return {"id2label": dict(enumerate(names)), "label2id": {n: i for i, n in enumerate(names)}}


def common(t, **more):
    return dict(vocab_size=len(t), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24, max_position_embeddings=LENGTH + 2, pad_token_id=t.pad_token_id, hidden_dropout_prob=0.0, **more)


def model(cls, config):
    torch.manual_seed(3); m = cls(config).eval()
    with torch.no_grad():
        for p in m.parameters(): p.add_(torch.randn_like(p) * 0.25)
    return m


def roberta(cls, t, config=RobertaConfig, **more): return model(cls, config(**common(t, type_vocab_size=1, bos_token_id=t.bos_token_id, eos_token_id=t.eos_token_id, layer_norm_eps=1e-5, **more)))


def disentangled(cls, t, **more):
    return model(cls, DebertaV2Config(**common(t, type_vocab_size=0, relative_attention=True, pos_att_type=["p2c", "c2p"], position_biased_input=False, position_buckets=8, norm_rel_ebd="layer_norm", share_att_key=True, **more)))


def save(name, m, t, cases):
    f = os.path.join(OUT, name); m.save_pretrained(f); t.save_pretrained(f)
    with open(os.path.join(f, "cases.json"), "w") as o: json.dump(cases, o, indent=1, ensure_ascii=False)
    print(name, len(cases), sum(os.path.getsize(os.path.join(f, x)) for x in os.listdir(f)))


def entities(name, m, make):
    rng = random.Random(1); cases = []
    for strategy in ("none", "simple", "first", "average", "max"):
        p = pipeline("token-classification", model=m, tokenizer=make(), aggregation_strategy=strategy)
        cases += [{"call": f"token-classification, aggregation_strategy={strategy}", "input": s, "output": clean(p(s))} for s in ODD + [text(rng, 9)]]
        if strategy != "none":
            p = pipeline("token-classification", model=m, tokenizer=make(), aggregation_strategy=strategy, stride=8); p.tokenizer = Whole(p.tokenizer); s = text(rng, 60)
            cases.append({"call": f"token-classification, aggregation_strategy={strategy}, stride=8", "input": s, "output": clean(p(s))})
    save(name, m, make(), cases)


def answers(name, m, make):
    rng = random.Random(2); cases = []
    for n, kw in ((8, {}), (30, dict(top_k=3)), (60, dict(max_seq_len=40, doc_stride=10, top_k=5)), (40, dict(max_seq_len=32, doc_stride=6, handle_impossible_answer=True, top_k=4)), (30, dict(align_to_words=False, top_k=3, max_answer_len=4))):
        p = pipeline("question-answering", model=m, tokenizer=make()); p.tokenizer = Whole(make()); q, c = "Who flew to Tokyo?", text(rng, n)
        cases.append({"call": ", ".join(["question-answering"] + [f"{k}={v}" for k, v in kw.items()]), "input": {"question": q, "context": c}, "output": clean(p(question=q, context=c, max_seq_len=kw.pop("max_seq_len", LENGTH), doc_stride=kw.pop("doc_stride", 8), **kw))})
        if "max_seq_len" not in cases[-1]["call"]: cases[-1]["call"] += f", max_seq_len={LENGTH}, doc_stride=8"
        cases[-1]["call"] += ", max_context_len=100000"
    for c in (" John  Smith flew. ", "\U0001F642 John\U0001F642Smith flew to 日本語", "naïve\ncafé"):
        p = pipeline("question-answering", model=m, tokenizer=make()); p.tokenizer = Whole(make())
        cases.append({"call": f"question-answering, top_k=2, max_seq_len={LENGTH}, doc_stride=8, max_context_len=100000", "input": {"question": "Who?", "context": c}, "output": clean(p(question="Who?", context=c, top_k=2, max_seq_len=LENGTH, doc_stride=8))})
    save(name, m, make(), cases)


def masks(name, m, make):
    t = make(); k = t.mask_token; cases = []
    p = pipeline("fill-mask", model=m, tokenizer=t)
    for s in (k, f"The quick {k} fox.", f"The quick{k} fox.", f" {k} the  sky", f"Why is {k} sky {k} blue?", f"Größe \U0001F642 {k} 日本語 don't , it 's fine .", f"John\n{k}\tTokyo"):
        cases.append({"call": "fill-mask, top_k=8", "input": s, "output": clean(p(s, top_k=8))})
    for targets in (["fox", "the", "Berlin"], ["Ġfox", "▁the", " sky"], ["xyzzy", "in Berlin"]):
        s = f"Why is the {k} blue?"
        cases.append({"call": f"fill-mask, top_k=5, targets=[{', '.join(targets)}]", "input": s, "output": clean(p(s, targets=targets, top_k=5))})
    save(name, m, t, cases)


def choices(name, m, make):
    p = pipeline("zero-shot-classification", model=m, tokenizer=make()); rng = random.Random(4); cases = []
    for s in ("John Smith flew from London to Tokyo.", "The film was touching,  funny", text(rng, 40)):
        for multi in (False, True):
            ls = ["travel", "a film", "money"]; o = p(s, candidate_labels=ls, multi_label=multi)
            cases.append({"call": f"zero-shot-classification, candidate_labels=[{', '.join(ls)}], multi_label={multi}", "input": s, "output": clean(o)})
    save(name, m, make(), cases)


def classes(name, m, make):
    p = pipeline("text-classification", model=m, tokenizer=make(), top_k=None); rng = random.Random(5); cases = []
    for s in ODD + [text(rng, 90)]: cases.append({"call": "text-classification", "input": s, "output": clean(p(s, truncation=True))[0]})
    for a, b in (("Why is the sky blue?", "Because air scatters."), ("", "John"), (text(rng, 12), text(rng, 60))): cases.append({"call": "text-classification", "input": {"text": a, "text_pair": b}, "output": clean(p({"text": a, "text_pair": b}, truncation=True))})
    save(name, m, make(), cases)


NER = labels("O", "B-PER", "I-PER", "B-LOC", "I-LOC"); NLI = labels("contradiction", "neutral", "entailment"); TWO = labels("NEGATIVE", "POSITIVE")
rob = lambda: byte_level(RobertaTokenizerFast)
bar = lambda: byte_level(BartTokenizerFast)
entities("roberta-token-classification", roberta(RobertaForTokenClassification, rob(), **NER), rob)
entities("xlmroberta-token-classification", roberta(XLMRobertaForTokenClassification, xlm(), XLMRobertaConfig, **NER), xlm)
answers("roberta-question-answering", roberta(RobertaForQuestionAnswering, rob()), rob)
answers("debertav2-question-answering", disentangled(DebertaV2ForQuestionAnswering, deberta()), deberta)
masks("roberta-fill-mask", roberta(RobertaForMaskedLM, rob()), rob)
masks("xlmroberta-fill-mask", roberta(XLMRobertaForMaskedLM, xlm(), XLMRobertaConfig), xlm)
b = bar()
choices("bart-zero-shot-classification", model(BartForSequenceClassification, BartConfig(vocab_size=len(b), d_model=16, encoder_layers=2, decoder_layers=2, encoder_attention_heads=2, decoder_attention_heads=2,
        encoder_ffn_dim=24, decoder_ffn_dim=24, max_position_embeddings=LENGTH, pad_token_id=b.pad_token_id, bos_token_id=0, eos_token_id=2, decoder_start_token_id=2, forced_eos_token_id=2, **NLI)), bar)
choices("roberta-zero-shot-classification", roberta(RobertaForSequenceClassification, rob(), **NLI), rob)
d = word_pieces()
classes("distilbert-text-classification", model(DistilBertForSequenceClassification, DistilBertConfig(vocab_size=len(d), dim=16, hidden_dim=24, n_layers=2, n_heads=2, max_position_embeddings=LENGTH, pad_token_id=0, **TWO)), word_pieces)
classes("debertav2-text-classification", disentangled(DebertaV2ForSequenceClassification, deberta(), **TWO), deberta)
classes("roberta-text-classification", roberta(RobertaForSequenceClassification, rob(), **TWO), rob)
