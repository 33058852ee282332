package dev.tailor.transfer.task;

import dev.tailor.TailorException;
import dev.tailor.task.PixelLabels;
import dev.tailor.task.SegmentationMap;
import java.util.List;
import java.util.TreeSet;

/**
 * From a mask's ids to a model's.
 *
 * @param model the model's id of each label of the data
 * @param reduces whether the mask's 0 stands for no label, and each other id for the label before it
 * @param ignored an id that does not count; after the reduction, as in the reference
 * @param none what stands for pixels that do not count
 */
record PixelIds(List<Integer> model, boolean reduces, int ignored, int none) {

    /** The mask with the model's ids. */
    PixelLabels of(PixelLabels mask, String source) {
        int[] ids = new int[mask.ids().length];
        TreeSet<Integer> strange = new TreeSet<>();
        for (int i = 0; i < ids.length; i++) {
            int raw = mask.ids()[i];
            int id = reduces && raw != SegmentationMap.IGNORED ? raw - 1 : raw;
            boolean absent = reduces && raw == 0;
            if (absent || id == ignored || (id == SegmentationMap.IGNORED && id >= model.size())) {
                ids[i] = none;
            } else if (id < 0 || id >= model.size()) {
                strange.add(raw);
            } else {
                ids[i] = model.get(id);
            }
        }
        if (!strange.isEmpty()) {
            throw new TailorException("The mask of " + source + " has the ids " + strange + ", but there are "
                    + model.size() + " labels" + (reduces ? ", whose ids begin at 1 for this image processor" : "")
                    + ". Name all labels, or give pixels that shall not count the id " + SegmentationMap.IGNORED + ".");
        }
        return new PixelLabels(mask.width(), mask.height(), ids);
    }
}
