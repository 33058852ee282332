package dev.tailor.examples;

import dev.tailor.hub.DownloadListener;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Shows downloads on one line that is drawn over, or, where there is no terminal, as a line for each tenth of a file. Safe for many
 * threads.
 */
final class DownloadBar implements DownloadListener {
    private static final int CELLS = 24;
    private static final long EVERY = 100_000_000;

    /** Smaller files are there before anybody reads of them. */
    private static final long WORTH_LINES = 20_000_000;

    private final PrintStream print;
    private final boolean terminal;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private long drawn;
    private int width;

    /** One file: what an earlier try left does not count for the speed. */
    private static final class Part {
        final long begin;
        final long total;
        long before = -1;
        long bytes;
        long tenths;

        Part(long begin, long total) {
            this.begin = begin;
            this.total = total;
        }
    }

    DownloadBar(PrintStream print, boolean terminal, LongSupplier nanos) {
        this.print = print;
        this.terminal = terminal;
        this.nanos = nanos;
    }

    @Override
    public void started(String file, long total) {
        locked(() -> parts.put(file, new Part(nanos.getAsLong(), total)));
    }

    @Override
    public void progress(String file, long bytesSoFar, long total) {
        locked(() -> {
            Part part = parts.computeIfAbsent(file, name -> new Part(nanos.getAsLong(), total));
            part.before = part.before < 0 ? bytesSoFar : part.before;
            part.bytes = bytesSoFar;
            long now = nanos.getAsLong();
            if (terminal && now - drawn >= EVERY) {
                drawn = now;
                draw(line(now));
            } else if (!terminal && total >= WORTH_LINES && bytesSoFar * 10 / total > part.tenths) {
                part.tenths = bytesSoFar * 10 / total;
                print.println(file + ": " + part.tenths * 10 + " % of " + Bytes.text(total));
            }
        });
    }

    @Override
    public void finished(String file, long total) {
        locked(() -> {
            Part part = parts.remove(file);
            if (terminal) {
                draw("");
                print.print('\r');
                width = 0;
            }
            double seconds = part == null ? 0 : (nanos.getAsLong() - part.begin) / 1e9;
            print.println(
                    file + ": " + Bytes.text(total) + String.format(Locale.ROOT, " in %.1f s, verified", seconds));
        });
    }

    private String line(long now) {
        long bytes = 0;
        long total = 0;
        double speed = 0;
        for (Part part : parts.values()) {
            bytes += part.bytes;
            total = total < 0 || part.total < 0 ? -1 : total + part.total;
            double seconds = (now - part.begin) / 1e9;
            speed += seconds > 0 && part.before >= 0 ? (part.bytes - part.before) / seconds : 0;
        }
        String name = parts.size() == 1 ? parts.keySet().iterator().next() : parts.size() + " files";
        String shown = name.length() > 32 ? "..." + name.substring(name.length() - 29) : name;
        String rate = " " + Bytes.text((long) speed) + "/s";
        if (total <= 0) {
            return shown + " " + Bytes.text(bytes) + rate;
        }
        int full = (int) (CELLS * Math.min(bytes, total) / total);
        return shown + " [" + "#".repeat(full) + ".".repeat(CELLS - full) + "] " + 100 * Math.min(bytes, total) / total
                + " % of " + Bytes.text(total) + rate;
    }

    /** Over what was there, with blanks where the new line is shorter. */
    private void draw(String line) {
        print.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
        print.flush();
        width = line.length();
    }

    private void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }
}
