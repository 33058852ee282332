package dev.tailor.zoo.hubs;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A model of Kaggle: {@code owner/model/framework/variation[/version]}.
 *
 * @param framework in the spelling of the handle, which the cache and the addresses keep
 * @param version 1 or more, or 0 for the newest
 */
record KaggleHandle(String owner, String model, String framework, String variation, int version) {
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern VERSION = Pattern.compile("-?[0-9]{1,9}");

    /**
     * Reads a handle.
     *
     * @throws IllegalArgumentException if it has another form
     */
    static KaggleHandle parse(String text) {
        List<String> parts = List.of(text.split("/", -1));
        boolean named = parts.size() >= 4
                && parts.size() <= 5
                && parts.subList(0, 4).stream()
                        .allMatch(part -> PART.matcher(part).matches());
        if (!named || (parts.size() == 5 && !VERSION.matcher(parts.get(4)).matches())) {
            throw new IllegalArgumentException("\"kaggle://" + text
                    + "\" is no handle of a Kaggle model. Write kaggle://owner/model/framework/variation or"
                    + " kaggle://owner/model/framework/variation/version, such as"
                    + " kaggle://keras/bert/keras/bert_tiny_en_uncased/3.");
        }
        int version = parts.size() == 5 ? Math.max(0, Integer.parseInt(parts.get(4))) : 0;
        return new KaggleHandle(parts.get(0), parts.get(1), parts.get(2), parts.get(3), version);
    }

    KaggleHandle at(int number) {
        return new KaggleHandle(owner, model, framework, variation, number);
    }

    /** Without the version. */
    String instance() {
        return owner + "/" + model + "/" + framework + "/" + variation;
    }

    @Override
    public String toString() {
        return instance() + (version == 0 ? "" : "/" + version);
    }
}
