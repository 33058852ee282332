package dev.tailor.examples;

import dev.tailor.hub.CachedModel;
import dev.tailor.hub.Hubs;
import java.io.PrintStream;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the caches of all hubs hold: which revision, how big, from where, and when it was used last. */
@Command(
        name = "cache",
        mixinStandardHelpOptions = true,
        description = "Lists what the caches of all hubs hold; 'cache delete ID' deletes a revision.")
final class HubCache implements Callable<Integer> {
    private final Hub hub;
    private final PrintStream print;

    HubCache(Hub hub, PrintStream print) {
        this.hub = hub;
        this.print = print;
    }

    @Override
    public Integer call() {
        List<CachedModel> models = Hubs.cached(hub.folder);
        print.printf("%-9s %10s  %-10s  %s%n", "hub", "size", "last used", "model");
        models.forEach(model -> print.println(line(model)));
        long bytes = models.stream().mapToLong(CachedModel::bytes).sum();
        print.println(models.size() + (models.size() == 1 ? " revision, " : " revisions, ") + Bytes.text(bytes)
                + "; a file that several revisions share counts for each");
        return 0;
    }

    @Command(description = "Deletes one revision from its cache.", mixinStandardHelpOptions = true)
    int delete(
            @Parameters(paramLabel = "ID", description = "The model, as 'cache' lists it.") String id,
            @Option(names = "--yes", description = "Really delete it.") boolean yes) {
        List<CachedModel> models = CachedModels.matching(id, hub.folder);
        if (models.size() != 1) {
            print.println(models.isEmpty() ? "No cache holds " + id + "." : "Which one? The caches hold:");
            models.forEach(model -> print.println(line(model)));
            return 1;
        }
        CachedModel model = models.get(0);
        String what = model.id() + " in " + model.root() + ", which frees " + Bytes.text(model.freed());
        if (!yes) {
            print.println("Would delete " + what + ". Add --yes to do so.");
            return 1;
        }
        Hubs.delete(model);
        print.println("Deleted " + what + ".");
        return 0;
    }

    private static String line(CachedModel model) {
        return String.format(
                Locale.ROOT,
                "%-9s %10s  %-10s  %s%s",
                model.hub(),
                Bytes.text(model.bytes()),
                LocalDate.ofInstant(model.lastUsed(), ZoneId.systemDefault()),
                model.id(),
                model.names().isEmpty() ? "" : " (" + String.join(", ", model.names()) + ")");
    }
}
