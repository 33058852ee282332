package dev.tailor.transfer;

import static dev.tailor.transfer.testing.Samples.BERT;
import static dev.tailor.transfer.testing.Samples.sentences;

import dev.tailor.Task;
import dev.tailor.task.Classification;
import dev.tailor.task.ClassificationEvaluation;
import dev.tailor.task.TextClassifier;
import dev.tailor.transfer.train.StepReport;
import dev.tailor.transfer.train.TrainingListener;
import java.nio.file.Path;

/** A training in a process of its own, which says each step so that it can be killed there. */
final class KilledTraining {
    private KilledTraining() {}

    /** {@code checkpoints out}. */
    public static void main(String[] arguments) {
        TrainingListener teller = new TrainingListener() {
            @Override
            public void stepDone(int epoch, int stepInEpoch, int stepsPerEpoch, StepReport report) {
                System.out.println("step " + report.step());
            }
        };
        try (var tuned =
                tuning().checkpoints(Path.of(arguments[0]), 1).listener(teller).fit(sentences())) {
            tuned.save(Path.of(arguments[1]));
        }
        System.out.println("done");
    }

    /** 24 steps in 3 epochs with dropout. */
    static FineTuning<String, String, Classification, ClassificationEvaluation, TextClassifier> tuning() {
        return FineTuning.of(BERT, Task.TEXT_CLASSIFICATION)
                .strategy(Strategy.fullFineTuning())
                .validation(sentences().subset(0, 1))
                .epochs(3)
                .batchSize(4)
                .learningRate(1e-3)
                .threads(1)
                .seed(5);
    }
}
