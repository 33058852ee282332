package dev.tailor.transfer.augment;

import ai.djl.modality.cv.Image;
import dev.tailor.task.PixelLabels;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * A change of where things are in a picture, which the labels of its pixels go through, too.
 *
 * @param picture changes colours
 * @param labels changes ids in the place of colours
 */
record Move(UnaryOperator<Pixels> picture, UnaryOperator<Pixels> labels) {

    static Move of(UnaryOperator<Pixels> both) {
        return new Move(both, both);
    }

    /** Lets chance choose a move for a picture of a size. */
    @FunctionalInterface
    interface Choice {
        Move choose(int width, int height, SplittableRandom random);
    }

    /** An augmentation of moves. */
    record Moving(Choice choice) implements Augmentation<Image> {
        @Override
        public Image apply(Image input, SplittableRandom random) {
            Pixels pixels = Pixels.of(input);
            Move move = choice.choose(pixels.width(), pixels.height(), random);
            return move.picture().apply(pixels).image();
        }

        @Override
        public Labelled<Image> apply(Labelled<Image> example, SplittableRandom random) {
            Pixels pixels = Pixels.of(example.input());
            PixelLabels ids = example.labels();
            Move move = choice.choose(pixels.width(), pixels.height(), random);
            Pixels moved = move.labels().apply(new Pixels(ids.width(), ids.height(), ids.ids()));
            return new Labelled<>(
                    move.picture().apply(pixels).image(), new PixelLabels(moved.width(), moved.height(), moved.rgb()));
        }
    }

    /** An augmentation that leaves everything in its place. */
    record Recolouring(Augmentation<Image> change) implements Augmentation<Image> {
        @Override
        public Image apply(Image input, SplittableRandom random) {
            return change.apply(input, random);
        }

        @Override
        public Labelled<Image> apply(Labelled<Image> example, SplittableRandom random) {
            return new Labelled<>(change.apply(example.input(), random), example.labels());
        }
    }
}
