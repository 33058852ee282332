package dev.tailor.zoo;

import dev.tailor.program.Architecture;
import dev.tailor.program.ArchitectureProvider;
import dev.tailor.zoo.text.Albert;
import dev.tailor.zoo.text.Bart;
import dev.tailor.zoo.text.Bert;
import dev.tailor.zoo.text.DebertaV2;
import dev.tailor.zoo.text.DistilBert;
import dev.tailor.zoo.text.Electra;
import dev.tailor.zoo.text.ModernBert;
import dev.tailor.zoo.text.MpNet;
import dev.tailor.zoo.text.Roberta;
import dev.tailor.zoo.vision.AlexNet;
import dev.tailor.zoo.vision.Beit;
import dev.tailor.zoo.vision.ConvNext;
import dev.tailor.zoo.vision.ConvNextV2;
import dev.tailor.zoo.vision.Deit;
import dev.tailor.zoo.vision.DenseNet;
import dev.tailor.zoo.vision.Detr;
import dev.tailor.zoo.vision.Dinov2;
import dev.tailor.zoo.vision.EfficientNet;
import dev.tailor.zoo.vision.FasterRcnn;
import dev.tailor.zoo.vision.GoogLeNet;
import dev.tailor.zoo.vision.InceptionV3;
import dev.tailor.zoo.vision.MlpMixer;
import dev.tailor.zoo.vision.MnasNet;
import dev.tailor.zoo.vision.MobileNetV1;
import dev.tailor.zoo.vision.MobileNetV2;
import dev.tailor.zoo.vision.MobileNetV2Slim;
import dev.tailor.zoo.vision.MobileNetV3;
import dev.tailor.zoo.vision.MobileVit;
import dev.tailor.zoo.vision.RegNet;
import dev.tailor.zoo.vision.ResNet;
import dev.tailor.zoo.vision.Segformer;
import dev.tailor.zoo.vision.ShuffleNetV2;
import dev.tailor.zoo.vision.SqueezeNet;
import dev.tailor.zoo.vision.SsdLite;
import dev.tailor.zoo.vision.Swin;
import dev.tailor.zoo.vision.TimmConvNext;
import dev.tailor.zoo.vision.TimmMobileNets;
import dev.tailor.zoo.vision.TimmRegNet;
import dev.tailor.zoo.vision.TimmVit;
import dev.tailor.zoo.vision.TorchConvNext;
import dev.tailor.zoo.vision.TorchEfficientNet;
import dev.tailor.zoo.vision.TorchRegNet;
import dev.tailor.zoo.vision.TorchResNet;
import dev.tailor.zoo.vision.TorchSegmentation;
import dev.tailor.zoo.vision.TorchSwin;
import dev.tailor.zoo.vision.TorchSwinV2;
import dev.tailor.zoo.vision.TorchVit;
import dev.tailor.zoo.vision.UltraFace;
import dev.tailor.zoo.vision.Vgg;
import dev.tailor.zoo.vision.Vit;
import dev.tailor.zoo.vision.Yolos;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The model families of this module, one line each. */
public final class Architectures implements ArchitectureProvider {
    /** Each kind is a class of its own, so that whoever reads texts never brings up the families of pictures. */
    private static final class Texts {
        static final List<Architecture> ALL = List.of(
                Bert.ARCHITECTURE,
                Roberta.ARCHITECTURE,
                DistilBert.ARCHITECTURE,
                Electra.ARCHITECTURE,
                Albert.ARCHITECTURE,
                MpNet.ARCHITECTURE,
                ModernBert.ARCHITECTURE,
                DebertaV2.ARCHITECTURE,
                Bart.ARCHITECTURE);
    }

    /** Transformers' names. */
    private static final class Pictures {
        static final List<Architecture> ALL = List.of(
                Vit.ARCHITECTURE,
                ResNet.ARCHITECTURE,
                MobileNetV1.ARCHITECTURE,
                Deit.ARCHITECTURE,
                Beit.ARCHITECTURE,
                Dinov2.ARCHITECTURE,
                Swin.ARCHITECTURE,
                ConvNext.ARCHITECTURE,
                ConvNextV2.ARCHITECTURE,
                MobileNetV2Slim.ARCHITECTURE,
                EfficientNet.ARCHITECTURE,
                RegNet.ARCHITECTURE,
                MobileVit.ARCHITECTURE,
                Segformer.ARCHITECTURE,
                Yolos.ARCHITECTURE,
                Detr.ARCHITECTURE,
                UltraFace.ARCHITECTURE);
    }

    /** Whole networks that torchvision and timm know by name. */
    private static final class Named {
        static final List<Architecture> ALL = List.of(
                TorchResNet.ARCHITECTURE,
                MobileNetV2.ARCHITECTURE,
                MobileNetV3.ARCHITECTURE,
                MnasNet.ARCHITECTURE,
                TorchEfficientNet.ARCHITECTURE,
                TimmMobileNets.ARCHITECTURE,
                AlexNet.ARCHITECTURE,
                Vgg.ARCHITECTURE,
                SqueezeNet.ARCHITECTURE,
                DenseNet.ARCHITECTURE,
                ShuffleNetV2.ARCHITECTURE,
                GoogLeNet.ARCHITECTURE,
                InceptionV3.ARCHITECTURE,
                TorchSegmentation.ARCHITECTURE,
                SsdLite.ARCHITECTURE,
                FasterRcnn.ARCHITECTURE,
                TorchRegNet.ARCHITECTURE,
                TimmRegNet.ARCHITECTURE,
                TorchVit.ARCHITECTURE,
                TimmVit.ARCHITECTURE,
                TorchSwin.ARCHITECTURE,
                TorchSwinV2.ARCHITECTURE,
                TorchConvNext.ARCHITECTURE,
                TimmConvNext.ARCHITECTURE,
                MlpMixer.ARCHITECTURE);
    }

    /** For {@link java.util.ServiceLoader}. */
    public Architectures() {}

    @Override
    public List<Architecture> architectures() {
        return Stream.of(Texts.ALL, Pictures.ALL, Named.ALL)
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public Optional<Architecture> architecture(String modelType) {
        return find(Texts.ALL, modelType)
                .or(() -> find(Pictures.ALL, modelType))
                .or(() -> find(Named.ALL, modelType));
    }

    private static Optional<Architecture> find(List<Architecture> families, String modelType) {
        return families.stream().filter(a -> a.answersTo(modelType)).findFirst();
    }
}
