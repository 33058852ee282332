package dev.tailor.transfer;

import dev.tailor.transfer.train.EpochReport;
import dev.tailor.transfer.train.StepReport;
import dev.tailor.transfer.train.TrainingListener;
import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Shows a training on a terminal: one bar that moves, and one line for each epoch that stays. */
public final class Progress implements TrainingListener {
    private static final int WIDTH = 28;
    private static final long REDRAW_NANOS = 100_000_000L;

    private final PrintStream out;
    private final boolean moving;
    private final LongSupplier clock;
    private long started;
    private long drawn;
    private int column;
    /** Steps that an earlier process made; -1 before the first one of this. */
    private int skipped = -1;

    private Progress(PrintStream out, boolean moving, LongSupplier clock) {
        this.out = out;
        this.moving = moving;
        this.clock = clock;
        this.started = clock.getAsLong();
    }

    /** Writes to the process's output; the bar moves only where that is a terminal. */
    public static TrainingListener console() {
        return to(System.out);
    }

    /** Writes to any stream; the bar moves only where that is the process's output and a terminal. */
    public static TrainingListener to(PrintStream out) {
        return to(out, out == System.out && onTerminal());
    }

    /** Whether the process's output is a terminal, where a line can be drawn over. */
    public static boolean onTerminal() {
        return Optional.ofNullable(System.console())
                .filter(Progress::isTerminal)
                .isPresent();
    }

    /** Since JDK 22 there may be a console without a terminal, and a method that tells. */
    private static boolean isTerminal(Console console) {
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Console.isTerminal() failed", e);
        }
    }

    /**
     * Writes to any stream.
     *
     * @param moving whether the bar is drawn over and over on one line
     */
    public static TrainingListener to(PrintStream out, boolean moving) {
        return new Progress(out, moving, System::nanoTime);
    }

    @Override
    public void started(String plan) {
        started = clock.getAsLong();
        skipped = -1;
        out.println(plan);
    }

    @Override
    public void featuresComputed(int done, int total) {
        bar("Features ", done, total, done + "/" + total, (double) done / total);
        if (done == total) {
            line("Features of " + total + " examples computed in " + seconds());
            started = clock.getAsLong();
        }
    }

    @Override
    public void stepDone(int epoch, int stepInEpoch, int stepsPerEpoch, StepReport report) {
        if (skipped < 0) {
            skipped = report.step();
        }
        String tail = String.format(
                Locale.ROOT,
                "%d/%d  loss %.4f  lr %.1e",
                stepInEpoch,
                stepsPerEpoch,
                report.loss(),
                report.learningRate());
        bar(
                "Epoch " + epoch + " ",
                stepInEpoch,
                stepsPerEpoch,
                tail,
                (report.step() + 1.0 - skipped) / (report.steps() - skipped));
    }

    @Override
    public void epochDone(EpochReport report) {
        String validation = report.validated()
                ? String.format(Locale.ROOT, "  validation loss %.4f", report.validationLoss())
                        + (report.scored()
                                ? String.format(
                                        Locale.ROOT,
                                        "  %s %.4f",
                                        report.scoreName().replace('_', ' '),
                                        report.validationScore())
                                : "")
                : "";
        line(String.format(Locale.ROOT, "Epoch %d/%d  loss %.4f", report.epoch(), report.epochs(), report.trainLoss())
                + validation
                + "  " + seconds());
    }

    /** Draws a bar; {@code share} of all the work is done. */
    private void bar(String head, int done, int total, String tail, double share) {
        long now = clock.getAsLong();
        if (!moving || (done < total && now - drawn < REDRAW_NANOS)) {
            return;
        }
        drawn = now;
        int filled = (int) ((long) WIDTH * done / Math.max(total, 1));
        double remaining = (now - started) / 1e9 * (1 - share) / share;
        String text = head + "\u2501".repeat(filled) + "\u2500".repeat(WIDTH - filled) + " " + tail
                + String.format(Locale.ROOT, "  %.0f s left", remaining);
        overwrite(text);
    }

    private void overwrite(String text) {
        out.print("\r" + text + " ".repeat(Math.max(0, column - text.length())));
        out.flush();
        column = text.length();
    }

    private void line(String text) {
        if (column > 0) {
            overwrite(text);
            out.println();
            column = 0;
        } else {
            out.println(text);
        }
    }

    private String seconds() {
        Duration elapsed = Duration.ofNanos(clock.getAsLong() - started);
        return String.format(Locale.ROOT, "%.1f s", elapsed.toMillis() / 1000.0);
    }
}
