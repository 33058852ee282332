package dev.tailor.transfer;

import static dev.tailor.transfer.testing.Samples.BERT;
import static dev.tailor.transfer.testing.Samples.sentences;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.transfer.search.HyperparameterSearch;
import dev.tailor.transfer.search.SearchResult;
import dev.tailor.transfer.search.SearchSpace;
import dev.tailor.transfer.search.TrialResult;
import dev.tailor.transfer.train.EpochReport;
import dev.tailor.transfer.train.TrainingListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trials, rungs and the log of a search. */
class SearchTest {
    private static final SearchSpace SPACE = SearchSpace.empty()
            .logUniform("rate", 1e-5, 1e-1)
            .uniform("smoothing", 0, 0.2)
            .integer("rank", 1, 4)
            .choice("batch", 8, 16);

    @TempDir
    Path temporary;

    /** A training whose loss is its rate's distance from 1e-3 and falls with the epochs. */
    private static SearchResult pretend(HyperparameterSearch search, List<Integer> ran) {
        return search.run(trial -> {
            ran.add(trial.number());
            double distance = Math.abs(Math.log10(trial.real("rate")) + 3);
            for (int epoch = 1; epoch <= 9; epoch++) {
                trial.listener().epochDone(new EpochReport(epoch, 9, 9, distance + 1.0 / epoch, "accuracy", 0.5));
            }
        });
    }

    @Test
    void values_keep_to_their_space_and_repeat_from_the_seed() {
        HyperparameterSearch search =
                HyperparameterSearch.over(SPACE).trials(40).seed(3);
        SearchResult result = pretend(search, new ArrayList<>());
        assertThat(result.trials()).hasSize(40).allSatisfy(t -> {
            assertThat(Double.parseDouble(t.values().get("rate"))).isBetween(1e-5, 1e-1);
            assertThat(Double.parseDouble(t.values().get("smoothing"))).isBetween(0.0, 0.2);
            assertThat(Integer.parseInt(t.values().get("rank"))).isBetween(1, 4);
            assertThat(t.values().get("batch")).isIn("8", "16");
            assertThat(t.state()).isEqualTo(TrialResult.State.COMPLETE);
        });
        assertThat(pretend(search, new ArrayList<>()).trials()).isEqualTo(result.trials());
        assertThat(pretend(search.seed(4), new ArrayList<>()).trials()).isNotEqualTo(result.trials());
    }

    @Test
    void halving_spends_fewer_epochs_and_keeps_the_best() {
        HyperparameterSearch plain = HyperparameterSearch.over(SPACE).trials(40).seed(3);
        SearchResult all = pretend(plain, new ArrayList<>());
        SearchResult halved = pretend(plain.halving(1, 3), new ArrayList<>());
        assertThat(halved.best()).isEqualTo(all.best());
        assertThat(halved.trials())
                .anyMatch(
                        t -> t.state() == TrialResult.State.PRUNED && t.losses().size() == 1);
        int spent = halved.trials().stream().mapToInt(t -> t.losses().size()).sum();
        assertThat(spent).isLessThan(40 * 9 / 2);
    }

    @Test
    void a_second_run_goes_on_behind_the_log() throws Exception {
        Path log = temporary.resolve("trials.jsonl");
        HyperparameterSearch search =
                HyperparameterSearch.over(SPACE).halving(1, 3).seed(5).log(log);
        SearchResult whole = pretend(search.trials(12).log(temporary.resolve("other")), new ArrayList<>());
        List<Integer> ran = new ArrayList<>();
        pretend(search.trials(7), ran);
        SearchResult resumed = pretend(search.trials(12), ran);
        assertThat(ran).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        assertThat(resumed.trials()).isEqualTo(whole.trials());
        assertThat(Files.readAllLines(log)).hasSize(13);
        assertThatThrownBy(() -> pretend(search.seed(6), ran))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("another search");
    }

    @Test
    void a_search_over_a_model_notes_failures_and_draws_its_trials() {
        SearchResult result = FineTuning.of(BERT, Task.TEXT_CLASSIFICATION)
                .strategy(Strategy.bitFit())
                .validation(sentences())
                .epochs(2)
                .search(
                        HyperparameterSearch.over(SearchSpace.empty().choice("rate", "1e-3", "1e38"))
                                .trials(4)
                                .seed(2),
                        sentences(),
                        (tuning, trial) ->
                                tuning.learningRate(trial.real("rate")).weightDecay(trial.real("rate")));
        assertThat(result.best().values()).containsEntry("rate", "1e-3");
        assertThat(result.trials())
                .filteredOn(t -> t.state() == TrialResult.State.FAILED)
                .isNotEmpty()
                .allMatch(t -> !t.message().isEmpty());
        assertThat(result.toString()).contains("complete", "failed");
        Path file = temporary.resolve("search.html");
        result.write(file);
        assertThat(file).content().contains("<svg", "</html>").doesNotContain("<script", "http://", "https://");
    }

    @Test
    void trials_on_frozen_features_share_them() {
        for (long memory : new long[] {1, 1 << 20}) {
            List<Integer> computed = new ArrayList<>();
            TrainingListener listener = new TrainingListener() {
                @Override
                public void featuresComputed(int done, int total) {
                    computed.add(done);
                }
            };
            var tuning = FineTuning.of(BERT, Task.TEXT_CLASSIFICATION)
                    .validation(sentences())
                    .featureMemory(memory)
                    .epochs(3)
                    .listener(listener);
            SearchResult shared = tuning.search(
                    HyperparameterSearch.over(SearchSpace.empty().logUniform("rate", 1e-4, 1e-1))
                            .trials(3),
                    sentences(),
                    (t, trial) -> t.learningRate(trial.real("rate")));
            // 32 sentences to learn from and 32 to measure on, once.
            assertThat(computed).containsExactly(32, 64);
            TrialResult last = shared.trials().get(2);
            try (var alone = tuning.learningRate(
                            Double.parseDouble(last.values().get("rate")))
                    .fit(sentences())) {
                assertThat(alone.history().stream()
                                .map(EpochReport::validationLoss)
                                .toList())
                        .isEqualTo(last.losses());
            }
            assertThat(computed).containsExactly(32, 64, 32, 64);
        }
    }
}
