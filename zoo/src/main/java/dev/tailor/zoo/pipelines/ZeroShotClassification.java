package dev.tailor.zoo.pipelines;

import dev.tailor.Preprocessor;
import dev.tailor.PretrainedModel;
import dev.tailor.Task;
import dev.tailor.TaskFactory;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Program;
import dev.tailor.task.Classification;
import dev.tailor.task.LabelChoice;
import dev.tailor.task.Score;
import dev.tailor.task.TextPair;
import dev.tailor.task.ZeroShotClassifier;
import dev.tailor.zoo.preprocess.TextReader;
import dev.tailor.zoo.preprocess.TokenizedText;
import dev.tailor.zoo.preprocess.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Task#ZERO_SHOT_CLASSIFICATION} by a model of natural language inference, as transformers' {@code
 * ZeroShotClassificationPipeline}. The labels of all texts share batches.
 */
public final class ZeroShotClassification implements TaskFactory<LabelChoice, ZeroShotClassifier> {
    private static final Logger log = LoggerFactory.getLogger(ZeroShotClassification.class);
    private static final String SLOT = "{}";
    private static final String TEMPLATE = "This example is {}.";

    @Override
    public Task<ZeroShotClassifier> task() {
        return Task.ZERO_SHOT_CLASSIFICATION;
    }

    @Override
    public Head head() {
        return Head.SEQUENCE_CLASSIFICATION;
    }

    /** One row for each label of each text, with the usual hypothesis. */
    @Override
    public Preprocessor<LabelChoice> preprocessor(Snapshot snapshot, ModelConfig config, Program program) {
        return PairPreprocessor.open(snapshot, config, program, choice -> pairs(choice, TEMPLATE));
    }

    @Override
    public ZeroShotClassifier create(PretrainedModel model) {
        Entailment entailment = Entailment.of(model.config());
        TextReader reader = TextReader.open(model.snapshot(), model.config(), model.program());
        return new Classifier(new TextRunner(model, reader.preprocessor()), reader, entailment, TEMPLATE, false);
    }

    private static List<TextPair> pairs(LabelChoice choice, String template) {
        return choice.labels().stream()
                .map(label -> new TextPair(choice.text(), template.replace(SLOT, label)))
                .toList();
    }

    /** The ids of the labels that say whether a hypothesis holds. */
    private record Entailment(int id, int contradiction) {

        static Entailment of(ModelConfig config) {
            int last = config.labelCount() - 1;
            int id = config.labelIds().entrySet().stream()
                    .filter(e -> e.getKey().toLowerCase(Locale.ROOT).startsWith("entail"))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(-1);
            if (id < 0) {
                log.warn(
                        "{}: none of the labels {} is called entailment; the last one is taken for it",
                        config.source(),
                        config.labels());
            }
            return new Entailment(id < 0 ? last : id, id == 0 ? last : 0);
        }
    }

    private record Classifier(
            TextRunner runner, TextReader reader, Entailment entailment, String template, boolean multiLabel)
            implements ZeroShotClassifier {
        @Override
        public Classification predict(LabelChoice choice) {
            return predict(List.of(choice)).get(0);
        }

        @Override
        public List<Classification> predict(List<LabelChoice> choices) {
            return Batches.inParts(
                    choices, c -> (long) c.labels().size() * (c.text().length() + 1), this::classifyAll);
        }

        private List<Classification> classifyAll(List<LabelChoice> choices) {
            List<TextPair> hypotheses =
                    choices.stream().flatMap(c -> pairs(c, template).stream()).toList();
            List<TokenizedText> whole = reader.tokenizePairs(hypotheses);
            List<Tokens> pairs = IntStream.range(0, whole.size())
                    .mapToObj(i -> tokens(hypotheses.get(i), whole.get(i)))
                    .toList();
            List<float[]> logits = runner.run(pairs, outputs -> outputs.rows("logits"));
            List<Classification> results = new ArrayList<>();
            int from = 0;
            for (LabelChoice choice : choices) {
                int to = from + choice.labels().size();
                boolean truncated = pairs.subList(from, to).stream().anyMatch(Tokens::truncated);
                results.add(classification(choice.labels(), logits.subList(from, to), truncated));
                from = to;
            }
            return results;
        }

        /** Only the text is cut: a hypothesis without its label would say nothing. */
        private Tokens tokens(TextPair pair, TokenizedText whole) {
            try {
                return reader.cut(whole, 0).tokens();
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "the hypothesis \"" + pair.second() + "\" is too long: " + e.getMessage(), e);
            }
        }

        private Classification classification(List<String> labels, List<float[]> logits, boolean truncated) {
            double[] shares;
            if (multiLabel || labels.size() == 1) {
                shares = logits.stream()
                        .mapToDouble(l ->
                                Softmax.of(new float[] {l[entailment.contradiction()], l[entailment.id()]}, 0, 2)[1])
                        .toArray();
            } else {
                float[] entailed = new float[labels.size()];
                for (int i = 0; i < entailed.length; i++) {
                    entailed[i] = logits.get(i)[entailment.id()];
                }
                shares = Softmax.of(entailed, 0, entailed.length);
            }
            List<Score> scores = new ArrayList<>();
            for (int i = 0; i < shares.length; i++) {
                scores.add(new Score(labels.get(i), shares[i]));
            }
            return new Classification(scores, truncated);
        }

        @Override
        public ZeroShotClassifier hypothesis(String value) {
            int slot = value.indexOf(SLOT);
            if (slot < 0 || value.indexOf(SLOT, slot + 1) >= 0) {
                throw new IllegalArgumentException("a hypothesis needs one {} where the label goes, as in \"" + TEMPLATE
                        + "\"; found \"" + value + "\"");
            }
            return new Classifier(runner, reader, entailment, value, multiLabel);
        }

        @Override
        public ZeroShotClassifier multiLabel(boolean value) {
            return new Classifier(runner, reader, entailment, template, value);
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
