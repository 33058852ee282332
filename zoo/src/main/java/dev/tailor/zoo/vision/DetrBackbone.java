package dev.tailor.zoo.vision;

import dev.tailor.TailorException;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * The convolutional network below {@link Detr}: a ResNet by transformers' names or by timm's, whose normalisations are frozen.
 *
 * @param json a config of that network
 * @param timm whether timm's names hold
 * @param map which of its maps is read, 0 for the stem's
 * @param dilated how many of the last stages dilate instead of striding
 */
record DetrBackbone(ModelConfig json, boolean timm, int map, int dilated) {
    private static final int STAGES = 4;
    private static final String TIMM = "timm/";

    /** Reads the keys that name the network. */
    static DetrBackbone of(ModelConfig json) {
        ModelConfig own = json.object("backbone_config");
        String type = json.has("backbone_config") ? own.modelType() : "";
        if (type.equals("resnet")) {
            return huggingFace(own);
        } else if (type.equals("timm_backbone")) {
            return timm(own, "output_stride", own.integer("output_stride", 32));
        } else if (!type.isEmpty()) {
            throw new TailorException(
                    own.source() + ": model_type must be \"resnet\" or \"timm_backbone\", found \"" + type + "\"");
        } else if (json.flag("use_timm_backbone", true)) {
            return timm(json, "dilation", json.flag("dilation", false) ? 16 : 32);
        } else if (json.has("backbone")) {
            throw new TailorException(json.source() + ": backbone \"" + json.text("backbone", "") + "\" with"
                    + " use_timm_backbone false names another repository; its config must stand under backbone_config");
        }
        return huggingFace(own);
    }

    private static DetrBackbone huggingFace(ModelConfig own) {
        List<String> names = new ArrayList<>(List.of("stem"));
        int stages = new ResNet.Config(own).depths().size();
        for (int i = 1; i <= stages; i++) {
            names.add("stage" + i);
        }
        int map = stages;
        if (own.has("out_features")) {
            List<String> wanted = own.texts("out_features");
            map = wanted.isEmpty() ? stages : names.indexOf(wanted.get(wanted.size() - 1));
        } else if (own.has("out_indices")) {
            map = last(own, names.size());
        }
        if (map < 0 || map > stages) {
            throw new TailorException(own.source() + ": out_features and out_indices must name one of " + names);
        }
        return new DetrBackbone(own, false, map, 0);
    }

    private static int last(ModelConfig own, int count) {
        List<Long> indices = own.integers("out_indices", List.of(-1L));
        long index = indices.isEmpty() ? -1 : indices.get(indices.size() - 1);
        return (int) (index < 0 ? index + count : Math.min(index, count));
    }

    private static DetrBackbone timm(ModelConfig own, String key, long stride) {
        String name = own.text("backbone", "resnet50");
        if (!TorchResNet.ARCHITECTURE.variants().contains(TIMM + name)) {
            throw new TailorException(own.source()
                    + ": backbone must be one of timm's ResNets, such as resnet50; found \"" + name + "\"");
        }
        if (stride != 32 && stride != 16 && stride != 8) {
            throw new TailorException(own.source() + ": " + key + " must be 8, 16 or 32, found " + stride);
        }
        // timm cuts off the stages behind the last map that is read.
        if (own.has("out_indices") && last(own, STAGES + 1) != STAGES) {
            throw new TailorException(own.source() + ": out_indices must end with the last stage, " + STAGES
                    + ", found " + own.integers("out_indices", List.of()));
        }
        ModelConfig variant = TorchResNet.ARCHITECTURE.variant(TIMM + name);
        return new DetrBackbone(variant, true, STAGES, stride == 32 ? 0 : stride == 16 ? 1 : 2);
    }

    /** How many pixels lie between two positions of that map, in height as in width. */
    long stride() {
        if (timm) {
            return 32L >> dilated;
        }
        long first = json.flag("downsample_in_first_stage", false) && map > 0 ? 8 : 4;
        return first << Math.max(0, map - 1);
    }

    /** The map that the transformer reads, {@code [batch, channels, height, width]}. */
    Value apply(Scope scope, Value pixels) {
        Scope frozen = scope.frozenNorms();
        return timm
                ? TorchResNet.backbone(frozen, new TorchResNet.Config(json), pixels, dilated)
                        .get(map - 1)
                : ResNet.backbone(frozen, new ResNet.Config(json), pixels).get(map);
    }
}
