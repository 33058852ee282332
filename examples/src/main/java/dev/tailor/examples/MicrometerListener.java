package dev.tailor.examples;

import dev.tailor.serving.PredictionListener;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.util.List;

/** Keeps what a model's pipelines do in a registry of Micrometer, tagged with the model and with whether it failed. */
public record MicrometerListener(MeterRegistry registry) implements PredictionListener {
    @Override
    public void called(Call call) {
        List<Tag> tags = tags(call.model(), call.failed());
        Timer.builder("tailor.call")
                .description("From the tokenized input to the answer")
                .tags(tags)
                .register(registry)
                .record(call.latency());
        summary("tailor.call.queued", "calls", "Calls that waited to be joined when one came", tags)
                .record(call.queued());
        summary("tailor.call.tokens", "tokens", "Tokens of a call without padding", tags)
                .record((double) call.tokens());
    }

    @Override
    public void ran(Batch batch) {
        List<Tag> tags = tags(batch.model(), batch.failed());
        Timer.builder("tailor.batch")
                .description("From a batch's arrays to its answers")
                .tags(tags)
                .register(registry)
                .record(batch.duration());
        summary("tailor.batch.size", "inputs", "Inputs that went through the network together", tags)
                .record(batch.size());
    }

    private DistributionSummary summary(String name, String unit, String description, List<Tag> tags) {
        return DistributionSummary.builder(name)
                .baseUnit(unit)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private static List<Tag> tags(String model, boolean failed) {
        return List.of(Tag.of("model", model), Tag.of("failed", Boolean.toString(failed)));
    }
}
