package dev.tailor.transfer.task;

import dev.tailor.Pipeline;
import dev.tailor.Preprocessor;
import dev.tailor.TailorException;
import dev.tailor.program.Losses;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Objective;
import dev.tailor.task.Aggregation;
import dev.tailor.task.Entity;
import dev.tailor.task.TaggingEvaluation;
import dev.tailor.task.TokenClassifier;
import dev.tailor.task.WordTag;
import dev.tailor.task.WordTags;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import dev.tailor.transfer.train.Loop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A tag for each word, by cross entropy over the first token of each; further tokens do not count. */
record TaggingTuning(ModelConfig config, Labels known, String summary, List<Double> classWeights, LossOptions loss)
        implements Tuning<String, WordTags, List<Entity>, TaggingEvaluation> {
    private static final int EVALUATION_BATCH = 64;

    static Tuning<String, WordTags, List<Entity>, TaggingEvaluation> prepare(Request<String, WordTags> request) {
        Labels.requireExamples(request.model(), request.train());
        Map<String, Integer> counts = counts(request.train());
        Map<String, Integer> held = counts(request.validation());
        Set<String> types = types(request.model(), counts, held);
        Set<String> tags = new HashSet<>(counts.keySet());
        for (String type : types) {
            // A long entity may be in the validation data only; what begins can always go on.
            if (tags.contains("B-" + type) && held.containsKey("I-" + type)) {
                tags.add("I-" + type);
            }
        }
        if (tags.size() < 2) {
            throw new TailorException(
                    request.model() + ": the training data has one tag only, " + tags + "; there is nothing to learn");
        }
        Labels labels = Labels.among(request.model(), request.config(), request.head(), tags, held.keySet());
        List<Double> weights = ClassWeights.of(request.model(), request.loss(), labels, counts);
        ModelConfig config = request.config().withHead(request.className(), labels.names());
        String summary = request.train().size() + " texts with tags of " + types.size() + " types" + repaired(request);
        return new TaggingTuning(config, labels, summary, weights, request.loss());
    }

    private static Map<String, Integer> counts(Dataset<String, WordTags> data) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < data.size(); i++) {
            data.target(i).words().forEach(w -> counts.merge(w.tag(), 1, Integer::sum));
        }
        return counts;
    }

    private static Set<String> types(String model, Map<String, Integer> train, Map<String, Integer> held) {
        Set<String> all = new HashSet<>(train.keySet());
        all.addAll(held.keySet());
        try {
            return TaggingEvaluation.types(all);
        } catch (IllegalArgumentException e) {
            throw new TailorException(model + ": " + e.getMessage(), e);
        }
    }

    /** Tells of entities that begin with {@code I-}; they count as entities all the same. */
    private static String repaired(Request<String, WordTags> request) {
        int found = 0;
        for (int i = 0; i < request.train().size(); i++) {
            String before = WordTags.OUTSIDE;
            for (WordTag word : request.train().target(i).words()) {
                String tag = word.tag();
                if (tag.startsWith("I-")
                        && (before.length() < 2 || !before.substring(1).equals(tag.substring(1)))) {
                    found++;
                }
                before = tag;
            }
        }
        return found == 0 ? "" : ", " + found + " of whose entities begin with I- instead of B-";
    }

    @Override
    public boolean keepsHead() {
        return known.known();
    }

    @Override
    public boolean hasFeatures() {
        return false;
    }

    @Override
    public boolean changeable() {
        return false;
    }

    @Override
    public List<String> labels() {
        return known.names();
    }

    @Override
    public Objective objective() {
        return Losses.crossEntropy(loss.smoothing(), classWeights, loss.gamma());
    }

    @Override
    public Loop.Source source(Dataset<String, WordTags> data, Preprocessor<String> preprocessor) {
        return TaggedRows.of(data, TokenRows.of(preprocessor), known);
    }

    @Override
    public Loop.Score score() {
        return new TaggingScore(known.names());
    }

    @Override
    public TaggingEvaluation evaluate(Pipeline<String, List<Entity>> pipeline, Dataset<String, WordTags> data) {
        TokenClassifier tokens =
                ((TokenClassifier) pipeline).aggregation(Aggregation.NONE).ignoredLabels(Set.of());
        List<List<String>> truth = new ArrayList<>();
        List<List<String>> predicted = new ArrayList<>();
        for (int from = 0; from < data.size(); from += EVALUATION_BATCH) {
            List<Example<String, WordTags>> examples = new ArrayList<>();
            for (int i = from; i < Math.min(from + EVALUATION_BATCH, data.size()); i++) {
                examples.add(data.get(i));
            }
            List<List<Entity>> answers =
                    tokens.predict(examples.stream().map(Example::input).toList());
            for (int i = 0; i < answers.size(); i++) {
                WordTags words = examples.get(i).target();
                truth.add(words.tags());
                predicted.add(tags(words, answers.get(i)));
            }
        }
        return TaggingEvaluation.of(truth, predicted);
    }

    private static List<String> tags(WordTags words, List<Entity> tokens) {
        int[] starts = tokens.stream().mapToInt(Entity::start).toArray();
        int[] ends = tokens.stream().mapToInt(Entity::end).toArray();
        int[] firsts = WordPlaces.words(words, starts, ends);
        List<String> tags = new ArrayList<>();
        words.words().forEach(w -> tags.add(WordTags.OUTSIDE));
        for (int i = firsts.length - 1; i >= 0; i--) {
            if (firsts[i] >= 0) {
                tags.set(firsts[i], tokens.get(i).label());
            }
        }
        return tags;
    }
}
