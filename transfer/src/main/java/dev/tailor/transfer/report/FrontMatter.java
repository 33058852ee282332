package dev.tailor.transfer.report;

import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The YAML at the head of a model card, with the keys of huggingface_hub's {@code ModelCardData}. */
record FrontMatter(TrainingRun run) {

    /** Of a whole model. */
    String model() {
        List<String> lines = common();
        lines.add("library_name: transformers");
        lines.add("pipeline_tag: " + quoted(run.task()));
        tags(lines, List.of("tailor", "fine-tuned"));
        data(lines);
        metrics(lines);
        return "---\n" + String.join("\n", lines) + "\n---\n\n";
    }

    /** Of an adapter, as PEFT writes it. */
    String adapter() {
        List<String> lines = common();
        lines.add("library_name: peft");
        lines.add("pipeline_tag: " + quoted(run.task()));
        List<String> tags = new ArrayList<>();
        if (run.base().isHuggingFace()) {
            tags.add("base_model:adapter:" + run.base().pythonName());
        }
        tags.addAll(List.of("lora", "tailor"));
        tags(lines, tags);
        data(lines);
        metrics(lines);
        return "---\n" + String.join("\n", lines) + "\n---\n\n";
    }

    /** A folder of this machine is no base that another reader could find. */
    private List<String> common() {
        List<String> lines = new ArrayList<>();
        if (run.base().isHuggingFace()) {
            lines.add("base_model: " + quoted(run.base().pythonName()));
        }
        String license = run.base().license();
        if (license.matches("[a-z0-9][a-z0-9.-]*")) {
            lines.add("license: " + quoted(license));
        } else if (!license.isEmpty()) {
            lines.add("license: other");
            lines.add("license_name: " + quoted(license));
        }
        return lines;
    }

    private static void tags(List<String> lines, List<String> tags) {
        lines.add("tags:");
        tags.forEach(t -> lines.add("- " + quoted(t)));
    }

    private void data(List<String> lines) {
        // The hub takes ids of its data sets here; any other name stands in the text alone.
        if (run.dataName().matches("[\\w.-]+(/[\\w.-]+)?")) {
            lines.add("datasets:");
            lines.add("- " + quoted(run.dataName()));
        }
    }

    private void metrics(List<String> lines) {
        if (run.metrics().isEmpty()) {
            return;
        }
        lines.add("metrics:");
        run.metrics().keySet().forEach(m -> lines.add("- " + quoted(m)));
        if (run.validation().size() == 0) {
            return;
        }
        lines.add("model-index:");
        lines.add("- name: " + quoted(run.base().publicName() + ", fine-tuned"));
        lines.add("  results:");
        lines.add("  - task:");
        lines.add("      type: " + quoted(run.task()));
        lines.add("    dataset:");
        String name = run.dataName().isEmpty() ? "own data" : run.dataName();
        lines.add("      name: " + quoted(name));
        lines.add("      type: " + quoted(run.dataName().isEmpty() ? "own" : run.dataName()));
        lines.add("      split: validation");
        lines.add("    metrics:");
        run.metrics().forEach((metric, value) -> {
            lines.add("    - type: " + quoted(metric));
            lines.add("      name: " + quoted(metric));
            lines.add("      value: " + (Double.isFinite(value) ? String.format(Locale.ROOT, "%.6f", value) : ".nan"));
        });
    }

    /** Bare where YAML can mean nothing else, else in double quotes, whose escapes are those of JSON. */
    private static String quoted(String text) {
        boolean bare = text.matches("[A-Za-z][\\w./-]*")
                && !text.toLowerCase(Locale.ROOT).matches("y|n|yes|no|true|false|on|off|null");
        return bare ? text : new JsonPrimitive(text).toString();
    }
}
