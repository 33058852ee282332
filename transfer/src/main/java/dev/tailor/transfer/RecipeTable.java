package dev.tailor.transfer;

import dev.tailor.Precision;
import dev.tailor.transfer.task.LossOptions;
import dev.tailor.transfer.train.Passes;
import dev.tailor.transfer.train.Recipe;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A recipe as texts by name, for people and for the record. */
final class RecipeTable {
    static final String STRATEGY = "strategy";

    private RecipeTable() {}

    static Map<String, String> of(String strategy, Options options, Recipe recipe, Passes passes) {
        Map<String, String> table = new LinkedHashMap<>();
        table.put(STRATEGY, strategy);
        table.put("strategy in full", options.strategy.toString());
        table.put("epochs", Integer.toString(passes.epochs()));
        table.put("batch size", Integer.toString(passes.batchSize()));
        table.put("batches of an update", Integer.toString(passes.accumulate()));
        table.put("optimizer", recipe.optimizer().toString());
        table.put("learning rate", Double.toString(recipe.learningRate()));
        table.put("weight decay", Double.toString(recipe.weightDecay()));
        table.put("schedule", recipe.schedule().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        table.put("warm-up steps", Integer.toString(recipe.warmup()));
        table.put("largest gradient norm", Double.toString(recipe.clip()));
        LossOptions loss = options.loss;
        table.put("label smoothing", Double.toString(loss.smoothing()));
        if (loss.balanced() || !loss.classWeights().isEmpty()) {
            table.put("class weights", loss.balanced() ? "balanced " + loss.classWeights() : loss.classWeights() + "");
        }
        if (loss.gamma() > 0) {
            table.put("focal gamma", Double.toString(loss.gamma()));
        }
        table.put("balanced sampling", Boolean.toString(passes.balanced()));
        table.put("early stopping", passes.patience() == 0 ? "no" : "after " + passes.patience() + " epochs");
        if (options.precision == Precision.BFLOAT16) {
            table.put("products of matrices in", "bfloat16");
        }
        table.put("seed", Long.toString(passes.seed()));
        return table;
    }
}
