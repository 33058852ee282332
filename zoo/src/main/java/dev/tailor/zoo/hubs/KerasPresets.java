package dev.tailor.zoo.hubs;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The presets that KerasHub knows by a bare name, of the families whose files Tailor has a description of, and a preset's files. */
final class KerasPresets {
    /** Model at Kaggle, version, and the presets of that version; as of KerasHub 0.32. */
    private static final String TABLE = """
            keras/bert/keras 3 bert_tiny_en_uncased bert_small_en_uncased bert_medium_en_uncased bert_base_en_uncased \
            bert_base_en bert_base_zh bert_base_multi bert_large_en_uncased bert_large_en
            keras/bert/keras 5 bert_tiny_en_uncased_sst2
            keras/gpt2/keras 3 gpt2_base_en gpt2_medium_en gpt2_large_en gpt2_extra_large_en gpt2_base_en_cnn_dailymail
            keras/resnetv1/keras 3 resnet_18_imagenet resnet_50_imagenet resnet_101_imagenet resnet_152_imagenet
            keras/resnetv2/keras 3 resnet_v2_50_imagenet resnet_v2_101_imagenet
            keras/resnet_vd/keras 2 resnet_vd_18_imagenet resnet_vd_34_imagenet resnet_vd_50_imagenet \
            resnet_vd_50_ssld_imagenet resnet_vd_50_ssld_v2_imagenet resnet_vd_50_ssld_v2_fix_imagenet \
            resnet_vd_101_imagenet resnet_vd_101_ssld_imagenet resnet_vd_152_imagenet resnet_vd_200_imagenet
            """;

    private static final Map<String, String> HANDLES = handles();

    /** Objects of JSON beside the weights (a tokenizer's config may have any name), and what tokenizers read below {@code assets}. */
    private static final Pattern FILE = Pattern.compile(
            "[\\w-]+\\.json|model\\.weights\\.(h5|json)|model_[0-9]{5}\\.weights\\.h5|task\\.weights\\.h5|assets/.+|README\\.md");

    private KerasPresets() {}

    /** The handle at Kaggle that a built-in name stands for. */
    static Optional<String> handle(String name) {
        return Optional.ofNullable(HANDLES.get(name));
    }

    /** All built-in names, sorted. */
    static Iterable<String> names() {
        return HANDLES.keySet();
    }

    /** Whether a file belongs to a preset. */
    static boolean isFile(String name) {
        return FILE.matcher(name).matches();
    }

    private static Map<String, String> handles() {
        Map<String, String> handles = new TreeMap<>();
        TABLE.lines()
                .map(line -> line.split(" "))
                .forEach(line -> Arrays.stream(line, 2, line.length)
                        .forEach(name -> handles.put(name, line[0] + "/" + name + "/" + line[1])));
        return Collections.unmodifiableMap(handles);
    }
}
