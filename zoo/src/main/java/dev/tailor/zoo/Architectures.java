package dev.tailor.zoo;

import dev.tailor.program.Architecture;
import dev.tailor.program.ArchitectureProvider;
import dev.tailor.zoo.text.Bert;
import dev.tailor.zoo.vision.MobileNetV1;
import dev.tailor.zoo.vision.ResNet;
import dev.tailor.zoo.vision.Vit;
import java.util.List;

/** The model families of this module, one line each. */
public final class Architectures implements ArchitectureProvider {
    private static final List<Architecture> ALL =
            List.of(Bert.ARCHITECTURE, Vit.ARCHITECTURE, ResNet.ARCHITECTURE, MobileNetV1.ARCHITECTURE);

    /** For {@link java.util.ServiceLoader}. */
    public Architectures() {}

    @Override
    public List<Architecture> architectures() {
        return ALL;
    }
}
