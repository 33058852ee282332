package dev.tailor.transfer.report;

import java.util.Optional;

/**
 * Where a training ran.
 *
 * @param tailor version of this library
 * @param java version and vendor of the JDK
 * @param system operating system and processor
 * @param engine name and version of what computed
 * @param device the processor or card, such as {@code cpu()}
 * @param threads threads within one step; 0 for all
 */
public record Surroundings(String tailor, String java, String system, String engine, String device, int threads) {

    /** Those of this process. */
    public static Surroundings here(String engine, String device, int threads) {
        String version = Optional.ofNullable(Surroundings.class.getPackage().getImplementationVersion())
                .orElse("development");
        return new Surroundings(
                version,
                System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")",
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                engine,
                device,
                threads);
    }
}
