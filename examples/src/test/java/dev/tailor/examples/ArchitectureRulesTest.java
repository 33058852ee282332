package dev.tailor.examples;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SliceRule;
import dev.tailor.ModelId;
import dev.tailor.Pipeline;
import dev.tailor.Precision;
import dev.tailor.TailorException;
import dev.tailor.transfer.Progress;
import java.io.ObjectInputStream;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dependencies between packages are those of the architecture, and the libraries keep the house rules. */
class ArchitectureRulesTest {
    private static final JavaClasses TAILOR = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.tailor");

    private static final String EXAMPLES = "dev.tailor.examples..";
    private static final String[] FAMILIES = {
        "dev.tailor.zoo.text..",
        "dev.tailor.zoo.vision..",
        "dev.tailor.zoo.causal..",
        "dev.tailor.zoo.audio..",
        "dev.tailor.zoo.series..",
        "dev.tailor.zoo.multimodal.."
    };

    @Test
    void every_module_is_looked_at() {
        assertThat(TAILOR.stream().map(JavaClass::getPackageName))
                .contains("dev.tailor", "dev.tailor.engine.torch", "dev.tailor.zoo.text")
                .contains("dev.tailor.transfer.train", "dev.tailor.examples");
    }

    @Test
    void packages_have_no_cycles() {
        // The front door stands on all packages of core, and its package also holds the words that all of them speak:
        // what
        // is thrown, what a model is called, what is computed in, and what every task's interface extends. These four
        // name
        // no other package of core and may be used by all.
        noCycles()
                .ignoreDependency(
                        alwaysTrue(),
                        belongToAnyOf(TailorException.class, ModelId.class, Precision.class, Pipeline.class))
                .check(TAILOR);
    }

    private static SliceRule noCycles() {
        return slices().assignedFrom(new Packages()).should().beFreeOfCycles();
    }

    @Test
    void modules_depend_downwards_and_nothing_on_the_examples() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.tailor.zoo..", "dev.tailor.transfer..", EXAMPLES)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.tailor.zoo..", "dev.tailor.transfer..", EXAMPLES)
                .check(TAILOR);
        noClasses()
                .that()
                .resideInAPackage("dev.tailor.zoo..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.tailor.transfer..", EXAMPLES)
                .check(TAILOR);
        noClasses()
                .that()
                .resideInAPackage("dev.tailor.transfer..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(EXAMPLES)
                .check(TAILOR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zoo", "transfer", "examples"})
    void nobody_imports_the_internals_of_another_module(String module) {
        // Nothing of core depends on these modules at all, so its own side needs no rule.
        String own = "dev.tailor." + module + "..";
        noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("dev.tailor..internal..")
                        .and(JavaClass.Predicates.resideOutsideOfPackage(own)))
                .check(TAILOR);
    }

    @Test
    void a_model_family_is_one_file_on_programs_and_shared_layers() {
        classes()
                .that()
                .resideInAnyPackage(FAMILIES)
                .should(dependOnlyOnWhatFamiliesMay())
                .check(TAILOR);
    }

    @Test
    void djl_stays_out_of_files_programs_and_hubs() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.tailor.checkpoint..", "dev.tailor.hub..", "dev.tailor.program..", "dev.tailor.json..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl..")
                .check(TAILOR);
    }

    @Test
    void one_package_of_the_libraries_knows_the_engine_underneath() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.tailor.engine.torch..", EXAMPLES)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl.pytorch..")
                .check(TAILOR);
    }

    @Test
    void one_class_knows_the_optional_hdf5_library() {
        noClasses()
                .that()
                .haveSimpleNameNotStartingWith("KerasFile")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.jhdf..")
                .check(TAILOR);
    }

    @Test
    void files_of_weights_reach_no_class_and_no_object_stream() {
        noClasses()
                .that()
                .resideInAPackage("dev.tailor.checkpoint..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.lang.reflect..", "java.lang.invoke..", "javax.script..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(ObjectInputStream.class, ClassLoader.class, ProcessBuilder.class, Process.class)
                .orShould()
                .callMethod(Class.class, "forName", String.class)
                .check(TAILOR);
    }

    @Test
    void libraries_write_to_no_console() {
        // The one listener whose purpose is to show a fit on the console.
        quiet().check(TAILOR.that(not(belongToAnyOf(Progress.class))));
    }

    private static ArchRule quiet() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(EXAMPLES)
                .or()
                .areAssignableTo(Loud.class)
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..");
    }

    @Test
    void libraries_leave_the_process_to_its_host() {
        noClasses()
                .that()
                .resideOutsideOfPackage(EXAMPLES)
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "addShutdownHook", Thread.class)
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Executors.class)
                .check(TAILOR);
    }

    @Test
    void there_is_no_static_state() {
        noStaticState().check(TAILOR);
    }

    private static ArchRule noStaticState() {
        return noFields().should().beStatic().andShould().notBeFinal();
    }

    @Test
    void the_rules_can_fail() {
        JavaClasses loud = new ClassFileImporter().importClasses(Loud.class);
        assertThat(quiet().evaluate(loud).getFailureReport().getDetails())
                .singleElement()
                .asString()
                .contains("System.out");
        assertThat(noStaticState().evaluate(loud).getFailureReport().getDetails())
                .singleElement()
                .asString()
                .contains("Loud.count");
        // Without the shared words the front door and the tasks would be a cycle.
        assertThat(noCycles().evaluate(TAILOR).hasViolation()).isTrue();
        assertThat(classes()
                        .that()
                        .resideInAPackage("dev.tailor.zoo.pipelines..")
                        .should(dependOnlyOnWhatFamiliesMay())
                        .evaluate(TAILOR)
                        .hasViolation())
                .isTrue();
    }

    private static ArchCondition<JavaClass> dependOnlyOnWhatFamiliesMay() {
        Set<String> packages = Set.of("dev.tailor.program", "dev.tailor.zoo.nn");
        return new ArchCondition<>("depend only on programs, shared layers, the JDK and their own package") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass();
                    boolean allowed = packages.contains(target.getPackageName())
                            || target.getPackageName().startsWith("java.")
                            || target.getPackageName().equals("org.jspecify.annotations")
                            || target.isEquivalentTo(TailorException.class)
                            || target.isPrimitive()
                            // What two libraries name otherwise is one network with two tables.
                            || target.getBaseComponentType().getPackageName().equals(type.getPackageName());
                    if (!allowed) {
                        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                    }
                }
            }
        };
    }

    /** Each package by itself, the root one too. */
    private static final class Packages implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }

    /** Breaks two rules. */
    private static final class Loud {
        private static int count;

        private Loud() {}

        @SuppressWarnings("unused")
        static void shout() {
            System.out.println(count++);
        }
    }
}
