package dev.tailor.zoo.tokenizers;

import dev.tailor.TailorException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The reference's tokenizer classes: how each encodes, and what it takes where a repository says nothing. */
// Its lists are copies that nobody can change.
@SuppressWarnings("ImmutableEnumChecker")
enum TokenizerClass {
    BERT(
            Kind.WORD_PIECE,
            List.of(
                    "Bert",
                    "Electra",
                    "DistilBert",
                    "MobileBert",
                    "ConvBert",
                    "SqueezeBert",
                    "LayoutLM",
                    "Lxmert",
                    "Ernie",
                    "DPRReader",
                    "DPRQuestionEncoder",
                    "DPRContextEncoder",
                    "Retribert"),
            List.of(
                    "bert",
                    "electra",
                    "distilbert",
                    "mobilebert",
                    "convbert",
                    "squeezebert",
                    "layoutlm",
                    "lxmert",
                    "ernie",
                    "dpr",
                    "nomic_bert"),
            bracketed("[UNK]", "[PAD]")),
    MPNET(Kind.WORD_PIECE, List.of("MPNet"), List.of("mpnet"), angled("[UNK]", Set.of("mask_token"))),
    ROBERTA(
            Kind.BYTE_LEVEL,
            List.of("Roberta", "Bart", "Longformer", "LED", "Mvp"),
            List.of("roberta", "roberta-prelayernorm", "bart", "longformer", "led", "mvp", "data2vec-text", "xmod"),
            angled("<unk>", Set.of())),
    DEBERTA(
            Kind.BYTE_LEVEL,
            List.of("Deberta"),
            List.of("deberta"),
            Defaults.of("bos_token", "[CLS]", "eos_token", "[SEP]")
                    .and(bracketed("[UNK]", "[PAD]"))
                    .stripping(Set.of("mask_token"))),
    GPT2(
            Kind.BYTE_LEVEL,
            List.of("GPT2", "CodeGen"),
            List.of("gpt2", "gpt_neo", "codegen", "opt"),
            Defaults.of("bos_token", "<|endoftext|>", "eos_token", "<|endoftext|>", "unk_token", "<|endoftext|>")),
    CLIP(
            Kind.BYTE_LEVEL,
            List.of("CLIP"),
            List.of("clip", "clip_text_model", "clipseg"),
            Defaults.of(
                    "bos_token",
                    "<|startoftext|>",
                    "eos_token",
                    "<|endoftext|>",
                    "unk_token",
                    "<|endoftext|>",
                    "pad_token",
                    "<|endoftext|>")),
    ALBERT(
            Kind.SENTENCE_PIECE,
            List.of("Albert", "FNet"),
            List.of("albert", "fnet"),
            Defaults.of("bos_token", "[CLS]", "eos_token", "[SEP]")
                    .and(bracketed("<unk>", "<pad>"))
                    .stripping(Set.of("mask_token"))),
    T5(
            Kind.SENTENCE_PIECE,
            List.of("T5", "MT5"),
            List.of("t5", "mt5", "umt5"),
            Defaults.of("eos_token", "</s>", "unk_token", "<unk>", "pad_token", "<pad>")),
    XLM_ROBERTA(
            Kind.SENTENCE_PIECE,
            List.of("XLMRoberta"),
            List.of("xlm-roberta", "xlm-roberta-xl"),
            angled("<unk>", Set.of("mask_token"))),
    CAMEMBERT(Kind.SENTENCE_PIECE, List.of("Camembert"), List.of("camembert"), angled("<unk>", Set.of("mask_token"))),
    DEBERTA_V2(
            Kind.SENTENCE_PIECE,
            List.of("DebertaV2"),
            List.of("deberta-v2"),
            Defaults.of("bos_token", "[CLS]", "eos_token", "[SEP]").and(bracketed("[UNK]", "[PAD]"))),
    LLAMA(
            Kind.SENTENCE_PIECE,
            List.of("Llama"),
            List.of("llama", "mistral"),
            Defaults.of("bos_token", "<s>", "eos_token", "</s>", "unk_token", "<unk>"));

    /** Which files a class reads. */
    enum Kind {
        WORD_PIECE,
        BYTE_LEVEL,
        SENTENCE_PIECE
    }

    /** Special tokens by their roles, and which of them take the spaces before them. */
    record Defaults(Map<String, String> tokens, Set<String> strips) {
        static Defaults of(String... rolesAndTokens) {
            Map<String, String> tokens = new LinkedHashMap<>();
            for (int i = 0; i < rolesAndTokens.length; i += 2) {
                tokens.put(rolesAndTokens[i], rolesAndTokens[i + 1]);
            }
            return new Defaults(tokens, Set.of());
        }

        Defaults and(Defaults more) {
            Map<String, String> all = new LinkedHashMap<>(tokens);
            all.putAll(more.tokens);
            return new Defaults(all, strips);
        }

        Defaults stripping(Set<String> roles) {
            return new Defaults(tokens, roles);
        }
    }

    private final Kind kind;
    private final List<String> names;
    private final List<String> modelTypes;
    private final Defaults defaults;

    TokenizerClass(Kind kind, List<String> names, List<String> modelTypes, Defaults defaults) {
        this.kind = kind;
        this.names = names;
        this.modelTypes = modelTypes;
        this.defaults = defaults;
    }

    private static Defaults bracketed(String unknown, String pad) {
        return Defaults.of(
                "unk_token",
                unknown,
                "sep_token",
                "[SEP]",
                "pad_token",
                pad,
                "cls_token",
                "[CLS]",
                "mask_token",
                "[MASK]");
    }

    private static Defaults angled(String unknown, Set<String> strips) {
        return Defaults.of(
                        "bos_token",
                        "<s>",
                        "eos_token",
                        "</s>",
                        "unk_token",
                        unknown,
                        "sep_token",
                        "</s>",
                        "pad_token",
                        "<pad>",
                        "cls_token",
                        "<s>",
                        "mask_token",
                        "<mask>")
                .stripping(strips);
    }

    Kind kind() {
        return kind;
    }

    Defaults defaults() {
        return defaults;
    }

    /**
     * The class that a repository names, else the one that belongs to its {@code model_type}.
     *
     * @param named {@code tokenizer_class}, or an empty text
     */
    static TokenizerClass of(String named, String modelType, String model) {
        String name = named.replaceFirst("Tokenizer(Fast)?$", "");
        Optional<TokenizerClass> found =
                Arrays.stream(values()).filter(c -> c.names.contains(name)).findFirst();
        // The generic classes say nothing about how a tokenizer works.
        boolean silent =
                named.isEmpty() || named.startsWith("PreTrainedTokenizer") || named.equals("TokenizersBackend");
        if (found.isEmpty() && silent) {
            found = Arrays.stream(values())
                    .filter(c -> c.modelTypes.contains(modelType))
                    .findFirst();
        }
        return found.orElseThrow(() -> new TailorException(model + " has no tokenizer.json, and the tokenizer "
                + (silent ? "of the model_type \"" + modelType + "\"" : named) + " cannot be built from other files."
                + " Supported are "
                + Arrays.stream(values())
                        .flatMap(c -> c.names.stream())
                        .map(n -> n + "Tokenizer")
                        .collect(Collectors.joining(", "))
                + "; or save a tokenizer.json with transformers' save_pretrained."));
    }
}
