package dev.tailor.zoo.hubs;

import dev.tailor.hub.HubException;
import dev.tailor.hub.NotFoundException;
import dev.tailor.hub.RelativeName;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code torchhub://} id names.
 *
 * @param file the file's name below {@code models/}, percent-free
 * @param weights its row of torchvision's table, or null if it has none
 */
record TorchHubId(String file, @Nullable TorchvisionWeights weights) {
    private static final Pattern VISION =
            Pattern.compile("pytorch/vision(?::([A-Za-z0-9._-]+))?(?:/([^/?]*))?(?:\\?(.*))?");
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9._+/-]{1,200}");

    private static final String FIRST = "";

    /** Torchvision before 0.13 knew {@code pretrained=True} only, which is the first member today. */
    private static final Pattern ONE_SET_ONLY = Pattern.compile("v?0\\.(?:[0-9]|1[0-2])(?:\\..*)?");

    static TorchHubId parse(String path) {
        return parse(path, TorchvisionWeights.table());
    }

    static TorchHubId parse(String path, List<TorchvisionWeights> table) {
        if (path.startsWith("models/")) {
            return ofFile(path, path.substring("models/".length()), table);
        }
        Matcher vision = VISION.matcher(path);
        if (!vision.matches()) {
            throw python(path, table);
        }
        String model = vision.group(2) == null ? "" : vision.group(2);
        List<TorchvisionWeights> rows =
                table.stream().filter(row -> row.model().equals(model)).toList();
        if (rows.isEmpty()) {
            throw new NotFoundException(
                    NotFoundException.Missing.REPOSITORY,
                    path,
                    "torchhub://" + path
                            + (model.isEmpty()
                                    ? " names no model"
                                    : ": there is no model \"" + model + "\" in Tailor's table of torchvision")
                            + ". It has " + models(table)
                            + ". For the file of another one write torchhub://models/<file>.");
        }
        return pick(path, rows, weights(path, vision.group(3), vision.group(1)));
    }

    private static TorchHubId ofFile(String path, String file, List<TorchvisionWeights> table) {
        if (!RelativeName.isSafe(file) || !FILE.matcher(file).matches()) {
            throw HubException.of(
                    path,
                    "torchhub://" + path + " names no file of https://download.pytorch.org/models/; write"
                            + " torchhub://models/resnet18-f37072fd.pth");
        }
        return new TorchHubId(
                file,
                table.stream()
                        .filter(row -> row.file().equals(file))
                        .findFirst()
                        .orElse(null));
    }

    /** The enum member that is asked for, {@code DEFAULT} or {@link #FIRST} of an old ref included. */
    private static String weights(String path, @Nullable String query, @Nullable String ref) {
        if (query == null) {
            return ref != null && ONE_SET_ONLY.matcher(ref).matches() ? FIRST : "DEFAULT";
        }
        if (!query.matches("weights=[A-Za-z0-9_.]+")) {
            throw HubException.of(
                    path, "torchhub://" + path + ": only ?weights=NAME may follow the model, found ?" + query);
        }
        String value = query.substring("weights=".length());
        return value.substring(value.lastIndexOf('.') + 1);
    }

    private static TorchHubId pick(String path, List<TorchvisionWeights> rows, String weights) {
        for (TorchvisionWeights row : rows) {
            boolean asked = weights.equals("DEFAULT")
                    ? row.isDefault()
                    : weights.equals(FIRST) || row.weights().equals(weights);
            if (asked) {
                return new TorchHubId(row.file(), row);
            }
        }
        String known = rows.stream()
                .map(row -> row.weights() + (row.isDefault() ? " (the default)" : ""))
                .collect(Collectors.joining(", "));
        throw new NotFoundException(
                NotFoundException.Missing.REVISION,
                path,
                "torchhub://" + path + ": there are no weights " + weights + ". There are " + known + ".");
    }

    private static HubException python(String path, List<TorchvisionWeights> table) {
        return HubException.of(
                path,
                "torchhub://" + path
                        + ": the models of other repositories are made by their hubconf.py, which is Python code"
                        + " that Tailor never runs. What can be loaded: torchhub://pytorch/vision/<model> with "
                        + models(table)
                        + "; torchhub://models/<file> for a file of https://download.pytorch.org/models/;"
                        + " and where the repository publishes weights itself, github://owner/repo@tag/asset.");
    }

    private static String models(List<TorchvisionWeights> table) {
        return table.stream().map(TorchvisionWeights::model).distinct().collect(Collectors.joining(", "));
    }
}
