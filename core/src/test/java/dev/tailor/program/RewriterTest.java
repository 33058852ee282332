package dev.tailor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.engine.BatchNormFolding;
import dev.tailor.engine.DropoutRemoval;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RewriterTest {

    private static Map<String, Value> classifier(Scope s) {
        Value x = s.input("x", Kind.FLOAT, "batch", 4);
        s.input("unused", Kind.FLOAT, "batch");
        s.atMost("batch", 8);
        Value features = s.features(s.linear("body", x, 3).relu());
        Map<String, Value> outputs = new LinkedHashMap<>();
        outputs.put("logits", s.linear("head", s.dropout(features, 0.5), 2));
        outputs.put("features", features);
        return outputs;
    }

    private static List<String> ops(Program.Function function) {
        return function.nodes().stream()
                .map(n -> n.op().getClass().getSimpleName())
                .toList();
    }

    @Test
    void a_function_is_copied_with_its_replacements() {
        Program.Function function =
                Traces.trace(RewriterTest::classifier).program().main();
        Program.Function without = Rewriter.rewrite(
                function,
                (node, inputs, rewriter) ->
                        node.op() instanceof Op.Dropout ? inputs.get(0) : rewriter.copy(node, inputs));
        assertThat(ops(without)).doesNotContain("Dropout").hasSize(ops(function).size() - 1);
        assertThat(without.inputNames()).containsExactly("x", "unused");
        assertThat(without.outputs().keySet()).containsExactly("logits", "features");
        assertThat(without.limits()).isEqualTo(function.limits());
        assertThat(without.weightKeys()).isEqualTo(function.weightKeys());
        assertThat(ops(function)).contains("Dropout");
        assertThat(Rewriter.uses(function)
                        .get(function.outputs().get("features").id()))
                .isEqualTo(2);
    }

    @Test
    void the_tail_of_a_function_takes_the_cut_value() {
        Program.Function function =
                Traces.trace(RewriterTest::classifier).program().main();
        Program.Function tail = Rewriter.tail(function, "features");
        assertThat(tail.inputNames()).containsExactly("features");
        assertThat(tail.inputs().get(0).shape()).hasToString("[batch, 3]");
        assertThat(tail.weightKeys()).containsExactly("head.weight", "head.bias");
        assertThat(tail.outputs().keySet()).containsExactly("logits");
    }

    @Test
    void a_tail_that_needs_more_is_refused() {
        Program.Function function = Traces.trace(s -> {
                    Value x = s.input("x", Kind.FLOAT, "batch", 4);
                    Value y = s.input("y", Kind.FLOAT, "batch", 4);
                    return Map.of("features", x.relu(), "logits", x.relu().add(y));
                })
                .program()
                .main();
        assertThatThrownBy(() -> Rewriter.tail(function, "features"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("input y");
        assertThatThrownBy(() -> Rewriter.tail(function, "nothing"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing");
    }

    @Test
    void normalisations_fold_into_convolutions_that_nobody_else_reads() {
        Program.Function folded = BatchNormFolding.apply(Traces.trace(s -> {
                    Value x = s.input("x", Kind.FLOAT, "batch", 3, "height", "width");
                    Value y = s.batchNorm("norm", s.conv2d("conv", x, 4, 3, 1, 1, false), 1e-5, 0.1);
                    return Map.of("y", y.relu());
                })
                .program()
                .main());
        assertThat(ops(folded)).doesNotContain("BatchNorm").contains("Conv2d");
        assertThat(folded.outputs().get("y").shape()).hasToString("[batch, 4, height, width]");

        Program.Function shared = BatchNormFolding.apply(Traces.trace(s -> {
                    Value x = s.input("x", Kind.FLOAT, "batch", 3, "height", "width");
                    Value y = s.conv2d("conv", x, 4, 3, 1, 1, false);
                    return Map.of("y", s.batchNorm("norm", y, 1e-5, 0.1).add(y));
                })
                .program()
                .main());
        assertThat(ops(shared)).contains("BatchNorm");
    }

    @Test
    void dropped_branches_and_channels_are_whole_at_inference() {
        Program.Function function = Traces.trace(s -> {
                    Value x = s.input("x", Kind.FLOAT, "batch", 3, "height", "width");
                    Value y = s.dropChannels(s.dropPath(x.relu(), 0.5), 0.25);
                    return Map.of("y", y.add(s.dropPath(x, 0)));
                })
                .program()
                .main();
        assertThat(ops(function)).contains("Dropout", "Full");
        Program.Function without = DropoutRemoval.apply(function);
        assertThat(ops(without)).containsExactly("Input", "Unary", "Binary");
        assertThat(without.outputs().get("y").shape()).hasToString("[batch, 3, height, width]");
    }

    @Test
    void frozen_normalisations_have_no_parameters() {
        Program program = Traces.trace(s -> {
                    Value x = s.input("x", Kind.FLOAT, "batch", 3, "height", "width");
                    Value y = s.frozenNorms().initializer(Init.ones()).sub("a").batchNorm("norm", x, 1e-5, 0.1);
                    return Map.of("y", s.batchNorm("free", y, 1e-5, 0.1));
                })
                .program();
        assertThat(program.weights().values().stream()
                        .filter(w -> w.role() == WeightSpec.Role.PARAMETER)
                        .map(WeightSpec::key))
                .containsExactly("free.weight", "free.bias");
        assertThat(program.main().nodes().stream().map(Value::op))
                .contains(new Op.BatchNorm(1e-5, 0.1, true), new Op.BatchNorm(1e-5, 0.1, false));
    }

    @Test
    void intermediate_states_become_outputs_on_request() {
        ModelConfig config = ModelConfig.parse("{}", "the config");
        Architecture two = Traces.architecture(s -> {
            Value x = s.hiddenState(s.input("x", Kind.FLOAT, "batch", 4));
            return Map.of("y", s.hiddenState(s.linear("body", x, 3)).relu());
        });
        TracedModel.Request request = TracedModel.of(two, config, Head.BASE, Checkpoint.empty(), "the model");
        assertThat(request.renewAll().trace().program().main().outputs().keySet())
                .containsExactly("y");
        assertThat(request.withHiddenStates().trace().program().main().outputs().keySet())
                .containsExactly("y", "hidden_states.0", "hidden_states.1");
        TracedModel.Request none = TracedModel.of(
                        Traces.architecture(s -> Map.of("y", s.number(1))),
                        config,
                        Head.BASE,
                        Checkpoint.empty(),
                        "the model")
                .withHiddenStates();
        assertThatThrownBy(none::trace).hasMessageContaining("the model").hasMessageContaining("intermediate states");
    }

    @Test
    void each_set_of_optional_inputs_is_a_function() {
        Program program = Traces.trace(s -> {
                    Value x = s.input("x", Kind.FLOAT, "batch");
                    Value a = s.optionalInput("a", Kind.FLOAT, "batch");
                    Value b = s.optionalInput("b", Kind.FLOAT, "batch");
                    x = a == null ? x : x.add(a);
                    return Map.of("y", b == null ? x : x.mul(b));
                })
                .program();
        assertThat(program.functions())
                .extracting(Program.Function::inputNames)
                .containsExactlyInAnyOrder(List.of("x", "a", "b"), List.of("x", "b"), List.of("x", "a"), List.of("x"));
        assertThat(program.main().inputNames()).containsExactly("x", "a", "b");
        assertThat(program.functionFor(Set.of("b", "x"))).isPresent();
        assertThat(program.functionFor(Set.of("b"))).isEmpty();
        assertThat(program.functions()).extracting(Program.Function::name).doesNotHaveDuplicates();
    }
}
