package dev.tailor.zoo.hubs;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * One member of a weights enum of torchvision. The table is the resource {@code torchvision-weights.tsv}.
 *
 * @param model the builder's name, such as {@code resnet18}
 * @param weights the enum member, such as {@code IMAGENET1K_V1}
 * @param isDefault whether the member is the enum's {@code DEFAULT}
 * @param file the file's name at download.pytorch.org/models
 * @param resize pixels of the shorter side before cropping
 * @param crop pixels of both sides of the centre crop
 * @param interpolation {@code bilinear} or {@code bicubic}, as Pillow does it
 * @param mean three numbers for RGB in [0, 1]
 * @param std three numbers for RGB in [0, 1]
 * @param top1 accuracy in percent, or NaN where there is none
 * @param top5 accuracy in percent, or NaN where there is none
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
        int resize,
        int crop,
        String interpolation,
        List<Double> mean,
        List<Double> std,
        double top1,
        double top5,
        long parameters,
        int minSize,
        int classes,
        boolean transformInput) {
    private static final String TABLE = "torchvision-weights.tsv";
    private static final String LABELS = "imagenet-classes.txt";
    private static final int COLUMNS = 15;

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
                Integer.parseInt(cells[4]),
                Integer.parseInt(cells[5]),
                cells[6],
                numbers(cells[7]),
                numbers(cells[8]),
                percent(cells[9]),
                percent(cells[10]),
                Long.parseLong(cells[11]),
                Integer.parseInt(cells[12]),
                Integer.parseInt(cells[13]),
                cells[14].equals("1"));
    }

    /** What a loader must know and the file itself does not tell. */
    JsonObject toJson() {
        JsonObject transforms = new JsonObject();
        transforms.addProperty("resize_size", resize);
        transforms.addProperty("crop_size", crop);
        transforms.addProperty("interpolation", interpolation);
        transforms.addProperty("antialias", true);
        transforms.add("mean", array(mean));
        transforms.add("std", array(std));
        JsonObject json = new JsonObject();
        json.addProperty("model_type", "torchvision/" + model);
        json.addProperty("weights", weights);
        json.addProperty("num_classes", classes);
        List<String> names = labels();
        if (names.size() == classes) {
            json.add("label_names", names.stream().collect(JsonArray::new, JsonArray::add, JsonArray::addAll));
        }
        json.addProperty("num_params", parameters);
        json.addProperty("min_size", minSize);
        json.addProperty("transform_input", transformInput);
        json.add("transforms", transforms);
        if (!Double.isNaN(top1)) {
            json.addProperty("acc@1", top1);
            json.addProperty("acc@5", top5);
        }
        return json;
    }

    /** The classes of ImageNet, in the order of the networks' outputs. */
    private static List<String> labels() {
        return lines(LABELS);
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
        return Arrays.stream(cell.split(",")).map(Double::valueOf).toList();
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
