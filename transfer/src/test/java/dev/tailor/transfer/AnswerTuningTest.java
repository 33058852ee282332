package dev.tailor.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.Pretrained;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.task.KnownAnswer;
import dev.tailor.task.Question;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fitting a question answerer. */
class AnswerTuningTest {
    private static final Path BERT = Path.of("src/test/resources/golden/text/question-answering");

    @TempDir
    Path temporary;

    @Test
    void answers_in_windows_are_learnt_and_the_saved_folder_answers_the_same() {
        Dataset<Question, List<KnownAnswer>> data = questions(32);
        try (var tuned = FineTuning.of(BERT, Task.QUESTION_ANSWERING)
                .strategy(Strategy.fullFineTuning())
                .epochs(12)
                .learningRate(4e-3)
                .batchSize(8)
                .validation(data)
                .seed(1)
                .fit(data)) {
            assertThat(tuned.evaluate(data).exactMatch()).isGreaterThan(0.9);
            assertThat(tuned.history().get(11).validationScore()).isGreaterThan(0.9);
            tuned.save(temporary);
            List<Question> inputs = new ArrayList<>();
            data.forEach(e -> inputs.add(e.input()));
            try (var again = Pretrained.from(temporary).load(Task.QUESTION_ANSWERING)) {
                assertThat(again.answers(inputs)).isEqualTo(tuned.predict(inputs));
            }
        }
    }

    @Test
    void an_answer_that_is_not_in_its_context_is_told() {
        Dataset<Question, List<KnownAnswer>> wrong = Dataset.of(List.of(
                new Example<>(new Question("where", "by the river"), List.of(new KnownAnswer("river", 3)), "row 7")));
        assertThatThrownBy(() -> FineTuning.of(BERT, Task.QUESTION_ANSWERING)
                        .strategy(Strategy.fullFineTuning())
                        .fit(wrong))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("\"river\" does not stand at 3")
                .hasMessageContaining("row 7");
        assertThatThrownBy(() -> new KnownAnswer("", 0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** The answer is the river, wherever it stands; every fourth context is longer than a window, every fifth has none. */
    private static Dataset<Question, List<KnownAnswer>> questions(int count) {
        Random random = new Random(1);
        List<Example<Question, List<KnownAnswer>>> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int words = i % 4 == 3 ? 60 : 8;
            int place = i % 5 == 4 ? -1 : random.nextInt(words);
            StringBuilder context = new StringBuilder();
            List<KnownAnswer> answers = new ArrayList<>();
            for (int w = 0; w < words; w++) {
                if (w == place) {
                    answers.add(new KnownAnswer("river", context.length()));
                }
                context.append(w == place ? "river " : random.nextBoolean() ? "the " : "night ");
            }
            examples.add(Example.of(new Question("the tree", context.toString()), List.copyOf(answers)));
        }
        return Dataset.of(examples);
    }
}
