package dev.tailor.transfer.task;

import ai.djl.modality.cv.Image;
import dev.tailor.TailorException;
import dev.tailor.program.Losses;
import dev.tailor.task.PixelLabels;
import dev.tailor.task.SegmentationMap;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import dev.tailor.transfer.train.Batch;
import dev.tailor.transfer.train.Loop;
import dev.tailor.zoo.preprocess.ImageDecoder;
import dev.tailor.zoo.preprocess.ImagePreprocessor;
import dev.tailor.zoo.preprocess.ImageProcessor;
import dev.tailor.zoo.preprocess.PixelValues;
import java.util.ArrayList;
import java.util.List;

/** Processed pictures with the labels of their pixels in the same place and size. */
record SegmentationRows(Dataset<Image, SegmentationMap> data, ImageProcessor processor, PixelIds ids)
        implements Loop.Source {

    /** The mask of an example, which must be of the picture's size. */
    static PixelLabels of(Example<Image, SegmentationMap> example) {
        PixelLabels mask = example.target().read();
        Image image = example.input();
        if (mask.width() != image.getWidth() || mask.height() != image.getHeight()) {
            throw new TailorException("The picture " + example.source() + " has " + image.getWidth() + " x "
                    + image.getHeight() + " pixels, but its mask " + mask.width() + " x " + mask.height());
        }
        return mask;
    }

    @Override
    public int size() {
        return data.size();
    }

    @Override
    public Batch batch(int[] indices, long seed) {
        List<PixelValues> pictures = new ArrayList<>();
        List<PixelLabels> masks = new ArrayList<>();
        for (int index : indices) {
            Example<Image, SegmentationMap> example = data.get(index);
            PixelLabels mask = ids.of(of(example), example.source());
            pictures.add(processor.apply(ImageDecoder.of(example.input())));
            masks.add(processor.apply(mask, Losses.IGNORED));
        }
        PixelLabels first = masks.get(0);
        long[] labels = new long[Math.multiplyExact(indices.length, first.ids().length)];
        for (int i = 0; i < indices.length; i++) {
            PixelLabels mask = masks.get(i);
            if (mask.width() != first.width() || mask.height() != first.height()) {
                throw new TailorException("The image processor gives pictures of different sizes (" + first.width()
                        + " x " + first.height() + " and " + mask.width() + " x " + mask.height() + "), which cannot"
                        + " form a batch. Train with batchSize(1), or make all pictures of one size, as"
                        + " ImageAugmentations.randomResizedCrop does.");
            }
            for (int p = 0; p < mask.ids().length; p++) {
                labels[i * mask.ids().length + p] = mask.ids()[p];
            }
        }
        return Batch.classified(
                manager -> ImagePreprocessor.batch(manager, pictures),
                labels,
                indices.length,
                first.height(),
                first.width());
    }
}
