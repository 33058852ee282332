package dev.tailor.zoo.pipelines;

import dev.tailor.task.Aggregation;
import dev.tailor.task.Entity;
import dev.tailor.zoo.preprocess.TextWindow;
import dev.tailor.zoo.preprocess.TokenizedText;
import dev.tailor.zoo.preprocess.TokenizerFacts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Labels of tokens to entities, step by step as transformers' {@code TokenClassificationPipeline} does it. */
record EntityFinder(List<String> labels, TokenizerFacts facts, Aggregation aggregation, Set<String> ignored) {

    /** Sets are copied. */
    EntityFinder {
        ignored = Set.copyOf(ignored);
    }

    EntityFinder with(Aggregation other) {
        return new EntityFinder(labels, facts, other, ignored);
    }

    EntityFinder with(Set<String> others) {
        return new EntityFinder(labels, facts, aggregation, others);
    }

    /** A token, or a word of several; the scores of all labels. */
    private record Piece(double[] scores, String word, int start, int end, int index, boolean continues) {
        int best() {
            int best = 0;
            for (int i = 1; i < scores.length; i++) {
                best = scores[i] > scores[best] ? i : best;
            }
            return best;
        }

        double top() {
            return scores[best()];
        }
    }

    /**
     * The entities of one window.
     *
     * @param logits {@code [tokens of the window, labels]}
     */
    List<Entity> find(String text, TextWindow window, float[] logits) {
        List<Piece> pieces = pieces(text, window, logits);
        List<Entity> entities = switch (aggregation) {
            case NONE -> single(pieces);
            case SIMPLE -> groups(single(pieces));
            case FIRST, AVERAGE, MAX -> groups(single(words(pieces)));
        };
        return entities.stream().filter(e -> !ignored.contains(e.label())).toList();
    }

    private List<Piece> pieces(String text, TextWindow window, float[] logits) {
        TokenizedText all = window.text();
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < window.length(); i++) {
            int place = window.places()[i];
            if (all.sequences()[place] >= 0) {
                int start = all.starts()[place];
                int end = all.ends()[place];
                String token = all.tokens()[place];
                String shown = text.substring(start, end);
                boolean unknown = all.ids()[place] == facts.unknownId().orElse(-1);
                // A token that a prefix marks as the rest of a word is longer than what it stands for.
                boolean continues = facts.prefixed()
                        ? token.codePointCount(0, token.length()) != shown.codePointCount(0, shown.length())
                        : start > 0
                                && text.charAt(start - 1) != ' '
                                && (start == text.length() || text.charAt(start) != ' ');
                double[] scores = Softmax.of(logits, i * labels.size(), labels.size());
                pieces.add(new Piece(scores, unknown ? shown : token, start, end, place, continues && !unknown));
            }
        }
        return pieces;
    }

    private List<Entity> single(List<Piece> pieces) {
        return pieces.stream()
                .map(p -> new Entity(labels.get(p.best()), p.top(), p.start(), p.end(), p.word(), p.index()))
                .toList();
    }

    private List<Piece> words(List<Piece> tokens) {
        List<Piece> words = new ArrayList<>();
        for (int from = 0, to; from < tokens.size(); from = to) {
            to = from + 1;
            while (to < tokens.size() && tokens.get(to).continues()) {
                to++;
            }
            words.add(word(tokens.subList(from, to)));
        }
        return words;
    }

    private Piece word(List<Piece> tokens) {
        Piece first = tokens.get(0);
        double[] scores = switch (aggregation) {
            case AVERAGE -> mean(tokens);
            case MAX -> surest(tokens).scores();
            default -> first.scores();
        };
        String word = facts.decoder().decode(tokens.stream().map(Piece::word).toList());
        return new Piece(
                scores, word, first.start(), tokens.get(tokens.size() - 1).end(), -1, false);
    }

    private static Piece surest(List<Piece> tokens) {
        Piece surest = tokens.get(0);
        for (Piece token : tokens) {
            surest = token.top() > surest.top() ? token : surest;
        }
        return surest;
    }

    private static double[] mean(List<Piece> tokens) {
        double[] mean = new double[tokens.get(0).scores().length];
        tokens.forEach(t -> Arrays.setAll(mean, i -> mean[i] + t.scores()[i] / tokens.size()));
        return mean;
    }

    private List<Entity> groups(List<Entity> pieces) {
        List<Entity> groups = new ArrayList<>();
        for (int from = 0, to; from < pieces.size(); from = to) {
            to = from + 1;
            while (to < pieces.size()
                    && joins(pieces.get(to - 1).label(), pieces.get(to).label())) {
                to++;
            }
            groups.add(group(pieces.subList(from, to)));
        }
        return groups;
    }

    /** A label without {@code B-} or {@code I-} counts as one that continues. */
    private static boolean joins(String before, String label) {
        return !label.startsWith("B-") && tag(label).equals(tag(before));
    }

    private static String tag(String label) {
        return label.startsWith("B-") || label.startsWith("I-") ? label.substring(2) : label;
    }

    private Entity group(List<Entity> pieces) {
        Entity first = pieces.get(0);
        double score = pieces.stream().mapToDouble(Entity::score).average().orElseThrow();
        String word = facts.decoder().decode(pieces.stream().map(Entity::word).toList());
        // The group's name is what follows the first dash, whatever stands before it.
        String name = first.label().substring(first.label().indexOf('-') + 1);
        return new Entity(
                name, score, first.start(), pieces.get(pieces.size() - 1).end(), word, -1);
    }

    /** The entities of all windows of a text: of those that overlap the longest, and of equally long ones the surest. */
    static List<Entity> merged(List<Entity> entities) {
        List<Entity> sorted = new ArrayList<>(entities);
        sorted.sort(Comparator.comparingInt(Entity::start));
        List<Entity> kept = new ArrayList<>();
        for (Entity entity : sorted) {
            Entity last = kept.isEmpty() ? null : kept.get(kept.size() - 1);
            if (last == null || entity.start() >= last.end()) {
                kept.add(entity);
            } else if (length(entity) > length(last)
                    || (length(entity) == length(last) && entity.score() > last.score())) {
                kept.set(kept.size() - 1, entity);
            }
        }
        return List.copyOf(kept);
    }

    private static int length(Entity entity) {
        return entity.end() - entity.start();
    }
}
