package dev.tailor.transfer;

import dev.tailor.engine.Network;
import dev.tailor.program.Program;
import dev.tailor.transfer.train.EpochReport;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a training leaves.
 *
 * @param program the network without an adapter
 * @param weights of the whole network, by canonical key
 * @param files names of the files that a saved copy needs for the same preprocessing
 * @param newFiles texts of such files that the model's repository lacks
 * @param beside makes the network where its head is no part of it
 */
record Outcome(
        Program program,
        Map<String, float[]> weights,
        List<EpochReport> reports,
        Told told,
        List<String> files,
        Map<String, String> newFiles,
        @Nullable TunedAdapter adapter,
        @Nullable Supplier<Network> beside) {}
