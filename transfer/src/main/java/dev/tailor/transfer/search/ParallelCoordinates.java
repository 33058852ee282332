package dev.tailor.transfer.search;

import dev.tailor.transfer.report.Html;
import dev.tailor.transfer.report.PageStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Trials as lines through an axis for each setting, the last one for the loss. */
final class ParallelCoordinates {
    private static final int GAP = 170;
    private static final int HEIGHT = 380;
    private static final int TOP = 40;
    private static final int LEFT = 80;

    private ParallelCoordinates() {}

    static String html(SearchSpace space, List<TrialResult> trials) {
        List<TrialResult> shown =
                trials.stream().filter(t -> Double.isFinite(t.loss())).toList();
        double low = shown.stream().mapToDouble(TrialResult::loss).min().orElse(0);
        double high = shown.stream().mapToDouble(TrialResult::loss).max().orElse(1);
        StringBuilder out = new StringBuilder(PageStyle.head("Hyperparameter search"));
        int width = LEFT * 2 + GAP * space.domains().size();
        out.append("<h1>Hyperparameter search</h1>\n<div class=\"wide\">")
                .append(String.format(
                        Locale.ROOT,
                        "<svg viewBox=\"0 0 %d %d\" width=\"%d\" font-size=\"12\" fill=\"currentColor\""
                                + " role=\"img\">%n",
                        width,
                        HEIGHT + TOP + 30,
                        width));
        // The best one lies on top.
        for (int i = shown.size() - 1; i >= 0; i--) {
            double share = (shown.get(i).loss() - low) / Math.max(high - low, 1e-300);
            line(out, space, shown.get(i), share);
        }
        int at = 0;
        for (Map.Entry<String, SearchSpace.Domain> entry : space.domains().entrySet()) {
            axis(out, at++, entry.getKey(), bounds(entry.getValue()));
        }
        axis(
                out,
                at,
                "loss",
                List.of(String.format(Locale.ROOT, "%.4g", low), String.format(Locale.ROOT, "%.4g", high)));
        out.append("""
                </svg></div>
                <h2>Trials</h2>
                <div class="wide"><table>
                <tr><th>Trial</th><th>State</th><th>Loss</th>""");
        space.domains()
                .keySet()
                .forEach(n -> out.append("<th>").append(Html.escape(n)).append("</th>"));
        out.append("</tr>\n");
        for (TrialResult trial : trials) {
            out.append(String.format(
                    Locale.ROOT,
                    "<tr><td class=\"n\">%d</td><td>%s</td><td class=\"n\">%.5f</td>",
                    trial.number(),
                    trial.state().name().toLowerCase(Locale.ROOT),
                    trial.loss()));
            trial.values()
                    .values()
                    .forEach(v -> out.append("<td>").append(Html.escape(v)).append("</td>"));
            out.append("</tr>\n");
        }
        return out.append("</table></div></main></body></html>\n").toString();
    }

    private static void line(StringBuilder out, SearchSpace space, TrialResult trial, double loss) {
        StringBuilder path = new StringBuilder();
        int at = 0;
        for (Map.Entry<String, SearchSpace.Domain> entry : space.domains().entrySet()) {
            double share = share(
                    entry.getValue(), Objects.requireNonNull(trial.values().get(entry.getKey())));
            path.append(String.format(Locale.ROOT, "%s%d %.1f", at == 0 ? "M" : "L", x(at), y(share)));
            at++;
        }
        path.append(String.format(Locale.ROOT, "%s%d %.1f", at == 0 ? "M" : "L", x(at), y(loss)));
        boolean complete = trial.state() == TrialResult.State.COMPLETE;
        out.append(String.format(
                Locale.ROOT,
                "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" stroke-opacity=\"%.2f\"><title>trial"
                        + " %d</title></path>%n",
                path,
                loss < 0.25 ? "#2b83c6" : "#d9762b",
                loss == 0 ? "3" : "1.3",
                complete ? 1 - 0.6 * loss : 0.25,
                trial.number()));
    }

    private static void axis(StringBuilder out, int at, String name, List<String> labels) {
        out.append(String.format(
                Locale.ROOT, "<path d=\"M%d %dV%d\" stroke=\"currentColor\"/>%n", x(at), TOP, TOP + HEIGHT));
        text(out, x(at), TOP - 16, name);
        for (int i = 0; i < labels.size(); i++) {
            text(out, x(at), (int) y((double) i / Math.max(1, labels.size() - 1)) + 12, labels.get(i));
        }
    }

    private static void text(StringBuilder out, int x, int y, String text) {
        out.append("<text x=\"")
                .append(x)
                .append("\" y=\"")
                .append(y)
                .append("\" text-anchor=\"middle\">")
                .append(Html.escape(text))
                .append("</text>\n");
    }

    private static int x(int axis) {
        return LEFT + axis * GAP;
    }

    private static double y(double share) {
        return TOP + HEIGHT * (1 - share);
    }

    private static List<String> bounds(SearchSpace.Domain domain) {
        if (domain instanceof SearchSpace.Real real) {
            return List.of(
                    String.format(Locale.ROOT, "%.3g", real.low()), String.format(Locale.ROOT, "%.3g", real.high()));
        } else if (domain instanceof SearchSpace.Whole whole) {
            return List.of(Integer.toString(whole.low()), Integer.toString(whole.high()));
        }
        return new ArrayList<>(((SearchSpace.Choice) domain).values());
    }

    private static double share(SearchSpace.Domain domain, String value) {
        if (domain instanceof SearchSpace.Real real) {
            double number = Double.parseDouble(value);
            return real.logarithmic()
                    ? Math.log(number / real.low()) / Math.log(real.high() / real.low())
                    : (number - real.low()) / (real.high() - real.low());
        } else if (domain instanceof SearchSpace.Whole whole) {
            return (Double.parseDouble(value) - whole.low()) / Math.max(1.0, (double) whole.high() - whole.low());
        }
        List<String> values = ((SearchSpace.Choice) domain).values();
        return (double) values.indexOf(value) / Math.max(1, values.size() - 1);
    }
}
