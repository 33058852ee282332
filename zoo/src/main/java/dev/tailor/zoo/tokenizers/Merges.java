package dev.tailor.zoo.tokenizers;

import com.google.gson.JsonArray;
import dev.tailor.TailorException;
import dev.tailor.zoo.tokenizers.SentencePieceModel.Piece;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The merges of a sentencepiece BPE model: the file has only the results and their scores. Two neighbours merge where their
 * whole is a piece, the highest score first.
 */
final class Merges {
    /** Characters looked at; published models need some millions. */
    private static final long MOST_WORK = 2_000_000_000L;

    private Merges() {}

    private record Merge(String left, String right, float score, int leftId, int rightId) {}

    static JsonArray of(SentencePieceModel model, Path file) {
        Map<String, Integer> ids = new HashMap<>();
        long work = 0;
        for (int i = 0; i < model.pieces().size(); i++) {
            String text = model.pieces().get(i).text();
            if (model.pieces().get(i).type() == SentencePieceModel.Type.NORMAL) {
                ids.put(text, i);
            }
            work += (long) text.length() * text.length();
        }
        if (work > MOST_WORK) {
            throw new TailorException(file + ": its pieces are too long to find their merges");
        }
        List<Merge> merges = new ArrayList<>();
        for (Piece piece : model.pieces()) {
            if (piece.type() != SentencePieceModel.Type.NORMAL) {
                continue;
            }
            String text = piece.text();
            List<Merge> local = new ArrayList<>();
            for (int i = 1; i < text.length(); i++) {
                Integer left = ids.get(text.substring(0, i));
                Integer right = ids.get(text.substring(i));
                if (left != null && right != null) {
                    local.add(new Merge(text.substring(0, i), text.substring(i), piece.score(), left, right));
                }
            }
            local.sort(Comparator.comparingInt(Merge::leftId).thenComparingInt(Merge::rightId));
            merges.addAll(local);
        }
        merges.sort(Comparator.comparingDouble(Merge::score)
                .thenComparingInt(m -> length(m.left()))
                .thenComparingInt(m -> length(m.right()))
                .reversed());
        JsonArray array = new JsonArray(merges.size());
        for (Merge merge : merges) {
            JsonArray pair = new JsonArray(2);
            pair.add(merge.left());
            pair.add(merge.right());
            array.add(pair);
        }
        return array;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
