package dev.tailor.transfer.report;

import dev.tailor.transfer.train.EpochReport;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a training was, so that it can be told and repeated. Immutable.
 *
 * @param base the model that it began with
 * @param task the task's name, after the hub's {@code pipeline_tag}
 * @param strategy what of the network changed, for a person
 * @param dataName what the user calls the data; empty if nobody said
 * @param recipe settings by name, in the order in which they are shown
 * @param trainedParameters how many numbers changed
 * @param parameters how many there were while it ran, those of an adapter among them
 * @param train the examples that were learnt
 * @param validation the examples that were measured after each epoch, perhaps none
 * @param epochs one report for each epoch
 * @param best the epoch whose weights were taken, counted from 1
 * @param steps the course of loss and rate; without the steps before a resumed run went on
 * @param surroundings where it ran
 * @param started when this process began it
 * @param ended when it was done
 */
public record TrainingRun(
        Base base,
        String task,
        String strategy,
        String dataName,
        Map<String, String> recipe,
        long trainedParameters,
        long parameters,
        DataFingerprint train,
        DataFingerprint validation,
        List<EpochReport> epochs,
        int best,
        List<StepHistory.Point> steps,
        Surroundings surroundings,
        Instant started,
        Instant ended) {

    /** Copies the collections. */
    public TrainingRun {
        recipe = Collections.unmodifiableMap(new LinkedHashMap<>(recipe));
        epochs = List.copyOf(epochs);
        steps = List.copyOf(steps);
    }

    /** The epoch whose weights were taken; empty for a run without any. */
    public Optional<EpochReport> bestEpoch() {
        return epochs.stream().filter(e -> e.epoch() == best).findFirst();
    }

    /** The numbers of {@link #bestEpoch} by name: what the validation gave, or the training loss without one. */
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        bestEpoch().ifPresent(e -> {
            if (e.validated()) {
                if (e.scored()) {
                    metrics.put(e.scoreName(), e.validationScore());
                }
                metrics.put("loss", e.validationLoss());
            } else {
                metrics.put("training_loss", e.trainLoss());
            }
        });
        return Collections.unmodifiableMap(metrics);
    }

    /** What the task's main number is called, such as {@code accuracy}; {@code score} where the loss alone is known. */
    public String scoreName() {
        return epochs.stream()
                .map(EpochReport::scoreName)
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("score");
    }
}
