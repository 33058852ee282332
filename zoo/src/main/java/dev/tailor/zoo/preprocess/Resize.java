package dev.tailor.zoo.preprocess;

/**
 * To which size an image is resized.
 *
 * <p>The rules and their rounding are those of the reference's image processors, which took them from torchvision.
 */
public sealed interface Resize {
    /** The size of the result for an image of this size. */
    Size target(int height, int width);

    /** No resizing. */
    static Resize none() {
        return new None();
    }

    /** Exactly this size; the aspect ratio may change. */
    static Resize exact(int height, int width) {
        return new Exact(height, width);
    }

    /** The shorter side becomes {@code edge}; the aspect ratio is kept. */
    static Resize shortestEdge(int edge) {
        return new ShortestEdge(edge);
    }

    /** The longer side becomes {@code edge}; the aspect ratio is kept. */
    static Resize longestEdge(int edge) {
        return new LongestEdge(edge);
    }

    /** The shorter side becomes {@code shortest}, or less where the longer one would exceed {@code longest}. */
    static Resize shortestEdge(int shortest, int longest) {
        return new BoundedEdges(shortest, longest);
    }

    /** As {@link #shortestEdge(int, int)}, with both sides cut down to multiples of a number. */
    static Resize shortestEdgeInMultiples(int shortest, int longest, int multiple) {
        return new BoundedMultiples(shortest, longest, multiple);
    }

    /** As large as fits into this size; the aspect ratio is kept. */
    static Resize within(int height, int width) {
        return new Within(height, width);
    }

    /** Rows and columns; sides of a target may be too large or zero for extreme images, which the processor refuses. */
    record Size(long height, long width) {}

    /** See {@link #none()}. */
    record None() implements Resize {
        @Override
        public Size target(int height, int width) {
            return new Size(height, width);
        }
    }

    /** See {@link #exact}. */
    record Exact(int height, int width) implements Resize {
        public Exact {
            positive(height);
            positive(width);
        }

        @Override
        public Size target(int height, int width) {
            return new Size(this.height, this.width);
        }
    }

    /** See {@link #shortestEdge(int)}. */
    record ShortestEdge(int edge) implements Resize {
        public ShortestEdge {
            positive(edge);
        }

        @Override
        public Size target(int height, int width) {
            return width <= height
                    ? new Size(scaled(edge, height, width), edge)
                    : new Size(edge, scaled(edge, width, height));
        }
    }

    /** See {@link #longestEdge(int)}. */
    record LongestEdge(int edge) implements Resize {
        public LongestEdge {
            positive(edge);
        }

        @Override
        public Size target(int height, int width) {
            return width <= height
                    ? new Size(edge, scaled(edge, width, height))
                    : new Size(scaled(edge, height, width), edge);
        }
    }

    /** See {@link #shortestEdge(int, int)}. */
    record BoundedEdges(int shortest, int longest) implements Resize {
        public BoundedEdges {
            positive(shortest);
            positive(longest);
        }

        @Override
        public Size target(int height, int width) {
            double low = Math.min(height, width);
            double high = Math.max(height, width);
            double edge = shortest;
            long rounded = shortest;
            if (high / low * shortest > longest) {
                edge = longest * low / high;
                rounded = (long) Math.rint(edge);
            }
            if (Math.min(height, width) == rounded) {
                return new Size(height, width);
            }
            return width < height
                    ? new Size((long) (edge * height / width), rounded)
                    : new Size(rounded, (long) (edge * width / height));
        }
    }

    /** See {@link #shortestEdgeInMultiples}. */
    record BoundedMultiples(int shortest, int longest, int multiple) implements Resize {
        public BoundedMultiples {
            positive(shortest);
            positive(longest);
            positive(multiple);
        }

        @Override
        public Size target(int height, int width) {
            Size size = new BoundedEdges(shortest, longest).target(height, width);
            double low = Math.min(height, width);
            double high = Math.max(height, width);
            if (width < height && high / low * shortest > longest) {
                // YOLOS computes the longer side of an upright picture even where the shorter one fits as it is.
                double edge = longest * low / high;
                size = new Size((long) (edge * height / width), (long) Math.rint(edge));
            }
            return new Size(size.height() / multiple * multiple, size.width() / multiple * multiple);
        }
    }

    /** See {@link #within}. */
    record Within(int height, int width) implements Resize {
        public Within {
            positive(height);
            positive(width);
        }

        @Override
        public Size target(int height, int width) {
            double scale = Math.min((double) this.height / height, (double) this.width / width);
            return new Size((long) (height * scale), (long) (width * scale));
        }
    }

    private static long scaled(int edge, int side, int by) {
        return (long) ((double) ((long) edge * side) / by);
    }

    private static void positive(int side) {
        if (side < 1) {
            throw new IllegalArgumentException("A size must be at least 1, got " + side + ".");
        }
    }
}
