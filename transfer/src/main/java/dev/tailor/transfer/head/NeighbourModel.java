package dev.tailor.transfer.head;

import java.util.PriorityQueue;

/** All training vectors with their classes. The vote of equally near neighbours at the rim goes to the earlier example. */
final class NeighbourModel implements VectorModel {
    /** Stands for no vote: a probability that no float tells from 0. */
    private static final double NO_VOTE = -100;

    private final Rows known;
    private final int[] labels;
    private final int classes;
    private final int neighbours;
    private final double[] squares;

    NeighbourModel(Rows known, int[] labels, int classes, int neighbours) {
        // Features may go when the fitting ends.
        float[][] copies = new float[known.size()][known.width()];
        this.labels = labels.clone();
        this.classes = classes;
        this.neighbours = neighbours;
        squares = new double[copies.length];
        for (int i = 0; i < copies.length; i++) {
            double[] vector = new double[known.width()];
            known.addTo(i, 1, vector, 0);
            for (int j = 0; j < vector.length; j++) {
                copies[i][j] = (float) vector[j];
                squares[i] += vector[j] * vector[j];
            }
        }
        this.known = Rows.of(copies);
    }

    private record Neighbour(double distance, int index) {}

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public double[] scores(Rows rows, int row) {
        double[] vector = new double[known.width()];
        rows.addTo(row, 1, vector, 0);
        PriorityQueue<Neighbour> nearest = new PriorityQueue<>((a, b) -> {
            int byDistance = Double.compare(b.distance(), a.distance());
            return byDistance != 0 ? byDistance : Integer.compare(b.index(), a.index());
        });
        for (int i = 0; i < squares.length; i++) {
            // The query's own square is the same for all.
            nearest.add(new Neighbour(squares[i] - 2 * known.dot(i, vector, 0), i));
            if (nearest.size() > neighbours) {
                nearest.poll();
            }
        }
        double[] votes = new double[classes];
        nearest.forEach(n -> votes[labels[n.index()]]++);
        int all = nearest.size();
        for (int c = 0; c < classes; c++) {
            votes[c] = votes[c] == 0 ? NO_VOTE : Math.log(votes[c] / all);
        }
        return votes;
    }
}
