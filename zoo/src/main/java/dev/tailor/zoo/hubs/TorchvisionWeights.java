package dev.tailor.zoo.hubs;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * One member of a weights enum of torchvision. The table is the resource {@code torchvision-weights.tsv}.
 *
 * @param model the builder's name, such as {@code resnet18}
 * @param weights the enum member, such as {@code IMAGENET1K_V1}
 * @param isDefault whether the member is the enum's {@code DEFAULT}
 * @param file the file's name at download.pytorch.org/models
 * @param kind what the network does
 * @param resize pixels of the shorter side before cropping; 0 where the network itself prepares its pictures
 * @param crop pixels of both sides of the centre crop, or 0 for none
 * @param interpolation {@code bilinear} or {@code bicubic}, as Pillow does it
 * @param mean three numbers for RGB in [0, 1]
 * @param std three numbers for RGB in [0, 1]
 * @param metric1 the first of its kind's measures in percent, or NaN where there is none
 * @param metric2 the second
 * @param parameters elements of all parameters
 * @param minSize least height and width in pixels
 * @param classes outputs of the head
 * @param transformInput whether the network maps normalised channels to those of its TensorFlow original first
 */
record TorchvisionWeights(
        String model,
        String weights,
        boolean isDefault,
        String file,
        Kind kind,
        int resize,
        int crop,
        String interpolation,
        List<Double> mean,
        List<Double> std,
        double metric1,
        double metric2,
        long parameters,
        int minSize,
        int classes,
        boolean transformInput) {
    private static final String TABLE = "torchvision-weights.tsv";
    private static final int COLUMNS = 16;

    /** What a network does, the classes that its weights were trained for, and how torchvision measured them. */
    enum Kind {
        CLASSIFICATION("imagenet-classes.txt", "acc@1", "acc@5"),
        SEGMENTATION("voc-classes.txt", "miou", "pixel_acc"),
        DETECTION("coco-classes.txt", "box_map", "");

        private final String labels;
        private final String metric1;
        private final String metric2;

        Kind(String labels, String metric1, String metric2) {
            this.labels = labels;
            this.metric1 = metric1;
            this.metric2 = metric2;
        }
    }

    /** The whole table, in the order of the file. */
    static List<TorchvisionWeights> table() {
        return lines(TABLE).stream().skip(1).map(TorchvisionWeights::row).toList();
    }

    private static TorchvisionWeights row(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length != COLUMNS) {
            throw new IllegalStateException(TABLE + " has a row of " + cells.length + " cells: " + line);
        }
        return new TorchvisionWeights(
                cells[0],
                cells[1],
                cells[2].equals("1"),
                cells[3],
                Kind.valueOf(cells[4].toUpperCase(Locale.ROOT)),
                Integer.parseInt(cells[5]),
                Integer.parseInt(cells[6]),
                cells[7],
                numbers(cells[8]),
                numbers(cells[9]),
                percent(cells[10]),
                percent(cells[11]),
                Long.parseLong(cells[12]),
                Integer.parseInt(cells[13]),
                Integer.parseInt(cells[14]),
                cells[15].equals("1"));
    }

    /** The same network in another file, which may have been trained for other classes. */
    TorchvisionWeights published(String other, int labels) {
        return new TorchvisionWeights(
                model,
                weights,
                isDefault,
                other,
                kind,
                resize,
                crop,
                interpolation,
                mean,
                std,
                metric1,
                metric2,
                parameters,
                minSize,
                labels,
                transformInput);
    }

    /** What a loader must know and the file itself does not tell. */
    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("model_type", "torchvision/" + model);
        json.addProperty("weights", weights);
        json.addProperty("num_classes", classes);
        List<String> names = lines(kind.labels);
        if (names.size() == classes) {
            json.add("label_names", names.stream().collect(JsonArray::new, JsonArray::add, JsonArray::addAll));
        }
        json.addProperty("num_params", parameters);
        if (resize > 0) {
            // A detector's min_size is another thing, and its own.
            json.addProperty("min_size", minSize);
            json.addProperty("transform_input", transformInput);
            json.add("transforms", transforms());
        }
        if (!Double.isNaN(metric1)) {
            json.addProperty(kind.metric1, metric1);
        }
        if (!Double.isNaN(metric2)) {
            json.addProperty(kind.metric2, metric2);
        }
        return json;
    }

    private JsonObject transforms() {
        JsonObject transforms = new JsonObject();
        transforms.addProperty("resize_size", resize);
        if (crop > 0) {
            transforms.addProperty("crop_size", crop);
        }
        transforms.addProperty("interpolation", interpolation);
        transforms.addProperty("antialias", true);
        transforms.add("mean", array(mean));
        transforms.add("std", array(std));
        return transforms;
    }

    private static List<String> lines(String resource) {
        try (InputStream in =
                Objects.requireNonNull(TorchvisionWeights.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the resource " + resource, e);
        }
    }

    private static List<Double> numbers(String cell) {
        return cell.isEmpty()
                ? List.of()
                : Arrays.stream(cell.split(",")).map(Double::valueOf).toList();
    }

    private static double percent(String cell) {
        return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
    }

    private static JsonArray array(List<Double> numbers) {
        JsonArray array = new JsonArray();
        numbers.forEach(array::add);
        return array;
    }
}
