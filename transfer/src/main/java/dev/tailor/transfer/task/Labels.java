package dev.tailor.transfer.task;

import dev.tailor.TailorException;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.transfer.data.Dataset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The labels of a training, by id. */
record Labels(List<String> names, boolean known) {

    /**
     * The distinct targets, sorted; or the model's own labels in their order where they are the same set, so that its head can
     * go on.
     *
     * @throws TailorException if there are no examples, only one class, or a validation target that training never shows
     */
    static Labels of(String model, ModelConfig config, Head head, Dataset<?, ?> train, Dataset<?, ?> validation) {
        requireExamples(model, train);
        Set<String> distinct = new TreeSet<>();
        train.targets().forEach(t -> distinct.add(t.toString()));
        if (distinct.size() < 2) {
            throw new TailorException(model + ": the training data has one class only, " + distinct
                    + "; a classifier needs at least two");
        }
        Set<String> held = new TreeSet<>();
        validation.targets().forEach(t -> held.add(t.toString()));
        return among(model, config, head, distinct, held);
    }

    /** The same for labels that were gathered already. */
    static Labels among(String model, ModelConfig config, Head head, Set<String> train, Set<String> validation) {
        Set<String> distinct = new TreeSet<>(train);
        Set<String> strange = new TreeSet<>(validation);
        strange.removeAll(distinct);
        if (!strange.isEmpty()) {
            throw new TailorException(model + ": the validation data has classes that the training data lacks: "
                    + strange + "; the training data has " + distinct);
        }
        boolean own = config.head().filter(head::equals).isPresent() && new HashSet<>(config.labels()).equals(distinct);
        return own ? new Labels(config.labels(), true) : new Labels(List.copyOf(distinct), false);
    }

    static void requireExamples(String model, Dataset<?, ?> train) {
        if (train.size() == 0) {
            throw new TailorException(model + ": the training data is empty");
        }
    }

    /** The id of a target. */
    int id(Object target) {
        int id = names.indexOf(target.toString());
        if (id < 0) {
            throw new TailorException("the class \"" + target + "\" is not among the model's: " + names);
        }
        return id;
    }
}
