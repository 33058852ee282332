package dev.tailor.zoo.pipelines;

import ai.djl.ndarray.NDArray;
import dev.tailor.Preprocessor;
import dev.tailor.PretrainedModel;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.TaskFactory;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Program;
import dev.tailor.task.FilledToken;
import dev.tailor.task.MaskFiller;
import dev.tailor.zoo.preprocess.TextPreprocessor;
import dev.tailor.zoo.preprocess.TextReader;
import dev.tailor.zoo.preprocess.TokenizedText;
import dev.tailor.zoo.preprocess.Tokens;
import dev.tailor.zoo.preprocess.Vocabulary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** {@link Task#FILL_MASK}, as transformers' {@code FillMaskPipeline}. */
public final class FillMask implements TaskFactory<String, MaskFiller> {
    private static final int TOP_K = 5;
    /** The network gives a number for every token and word of the vocabulary: 64 MiB for a batch. */
    private static final long LOGITS = 1L << 24;

    @Override
    public Task<MaskFiller> task() {
        return Task.FILL_MASK;
    }

    @Override
    public Head head() {
        return Head.MASKED_LM;
    }

    @Override
    public Preprocessor<String> preprocessor(Snapshot snapshot, ModelConfig config, Program program) {
        return TextPreprocessor.open(snapshot, config, program);
    }

    @Override
    public MaskFiller create(PretrainedModel model) {
        TextReader reader = TextReader.open(model.snapshot(), model.config(), model.program());
        String mask = reader.facts().mask();
        if (mask == null) {
            reader.close();
            throw new TailorException(model.snapshot().id() + ": the tokenizer has no mask token; name it under"
                    + " \"mask_token\" in tokenizer_config.json.");
        }
        return new Filler(new TextRunner(model, reader.preprocessor()), reader, mask, TOP_K, List.of());
    }

    private record Filler(TextRunner runner, TextReader reader, String mask, int topK, List<Integer> targets)
            implements MaskFiller {
        @Override
        public List<List<FilledToken>> predict(String text) {
            return predict(List.of(text)).get(0);
        }

        @Override
        public List<List<List<FilledToken>>> predict(List<String> texts) {
            return Batches.inParts(texts, String::length, part -> {
                List<TokenizedText> whole = reader.tokenize(part);
                List<Tokens> tokens = IntStream.range(0, part.size())
                        .mapToObj(i -> tokens(part.get(i), whole.get(i)))
                        .toList();
                long area = Math.max(1, LOGITS / model().config().width("vocab_size", 1));
                return runner.run(tokens, area, outputs -> {
                    NDArray logits = outputs.array("logits");
                    List<List<List<FilledToken>>> results = new ArrayList<>();
                    for (int i = 0; i < outputs.inputs().size(); i++) {
                        results.add(fill(
                                logits.get(i),
                                outputs.first(i),
                                outputs.inputs().get(i).ids()));
                    }
                    return results;
                });
            });
        }

        private Tokens tokens(String text, TokenizedText all) {
            if (places(all.ids()).length == 0) {
                throw new IllegalArgumentException("the text has no " + mask + " to fill: " + shortened(text));
            }
            if (all.length() > reader.length()) {
                throw new IllegalArgumentException(
                        "the text has " + all.length() + " tokens, and the model reads at most " + reader.length()
                                + "; give it the part around the " + mask + ": " + shortened(text));
            }
            return new Tokens(all.ids(), all.types(), false);
        }

        private int[] places(long[] ids) {
            int wanted = reader.facts().maskId().orElseThrow();
            return IntStream.range(0, ids.length).filter(i -> ids[i] == wanted).toArray();
        }

        private List<List<FilledToken>> fill(NDArray logits, int first, long[] ids) {
            int[] places = places(ids);
            List<List<FilledToken>> masks = new ArrayList<>();
            for (int place : places) {
                float[] row = logits.get(first + place).toFloatArray();
                double[] shares = Softmax.of(row, 0, row.length);
                List<FilledToken> candidates = new ArrayList<>();
                for (int id : best(shares)) {
                    candidates.add(new FilledToken(
                            reader.decode(new long[] {id}, false),
                            id,
                            shares[id],
                            // With several masks the special tokens stay, or the other masks would vanish.
                            reader.decode(filled(ids, place, id), places.length == 1)));
                }
                masks.add(List.copyOf(candidates));
            }
            return List.copyOf(masks);
        }

        private List<Integer> best(double[] shares) {
            List<Integer> ids = new ArrayList<>(
                    targets.isEmpty()
                            ? IntStream.range(0, shares.length).boxed().toList()
                            : targets);
            ids.removeIf(id -> id >= shares.length);
            ids.sort(Comparator.comparingDouble((Integer id) -> shares[id]).reversed());
            return ids.subList(0, Math.min(topK, ids.size()));
        }

        private long[] filled(long[] ids, int place, int id) {
            long[] copy = ids.clone();
            copy[place] = id;
            int padding = reader.facts().paddingId().orElse(-1);
            return LongStream.of(copy).filter(i -> i != padding).toArray();
        }

        @Override
        public MaskFiller topK(int count) {
            Options.require("topK", count, 1, Integer.MAX_VALUE);
            return new Filler(runner, reader, mask, count, targets);
        }

        @Override
        public MaskFiller targets(List<String> words) {
            Vocabulary vocabulary = Vocabulary.read(model().snapshot());
            TreeSet<Integer> ids = new TreeSet<>();
            for (String word : words) {
                ids.add(vocabulary.id(word).orElseGet(() -> firstToken(word)));
            }
            if (ids.isEmpty()) {
                throw new IllegalArgumentException("targets needs at least one word");
            }
            return new Filler(runner, reader, mask, topK, List.copyOf(ids));
        }

        private int firstToken(String word) {
            TokenizedText tokens = reader.tokenize(word, null);
            return IntStream.range(0, tokens.length())
                    .filter(i -> tokens.sequences()[i] >= 0)
                    .map(i -> (int) tokens.ids()[i])
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "the target \"" + word + "\" has no tokens in the model's vocabulary"));
        }

        private static String shortened(String text) {
            return text.length() > 80 ? text.substring(0, 80) + "..." : text;
        }

        @Override
        public PretrainedModel model() {
            return runner.model();
        }

        @Override
        public void close() {
            runner.close();
        }
    }
}
