package io.vertikube.e2e.simulation;

import io.vertikube.service.Logging;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@code deploy/bench simulation} runs: one seed after the other, until one breaks an invariant. */
@Command(name = "deploy/bench simulation", mixinStandardHelpOptions = true, sortOptions = false)
public final class SimulationRun implements Callable<Integer> {

    @Option(names = "--seeds", defaultValue = "10", description = "How many seeds, counted up from --seed.")
    private int seeds;

    @Option(names = "--seed", defaultValue = "1", description = "The first seed. One alone: --seed S --seeds 1.")
    private long seed;

    @Option(names = "--nodes", defaultValue = "20", description = "Simulated nodes, up to 1000.")
    private int nodes;

    @Option(names = "--steps", defaultValue = "90", description = "Steps of each plan.")
    private int steps;

    @Option(names = "--quantum-millis", defaultValue = "1000", description = "What time goes by at once at least.")
    private long quantum;

    @Option(
            names = "--journal",
            paramLabel = "FILE",
            description = "Writes every write there, to see where two runs part.")
    private @Nullable Path journal;

    @Option(names = "--quiet", description = "No line for each step.")
    private boolean quiet;

    private SimulationRun() {}

    public static void main(String... arguments) {
        System.exit(new CommandLine(new SimulationRun()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        if (nodes < 3 || nodes > 1000 || steps < 1 || seeds < 1) {
            throw new IllegalArgumentException("want 3 to 1000 nodes, at least one step and one seed");
        }
        Logging.configure("text", -2);
        int broken = 0;
        for (long next = seed; next < seed + seeds; next++) {
            try (PrintWriter lines =
                    journal == null ? null : new PrintWriter(journal.toFile(), StandardCharsets.UTF_8)) {
                var settings = new Simulation.Settings(
                        next, nodes, steps, Duration.ofMillis(quantum), lines == null ? null : lines::println);
                System.out.println(Simulation.run(settings, System.out, !quiet));
            } catch (BrokenInvariant e) {
                broken++;
                System.out.println(e.getMessage());
            }
        }
        System.out.printf(Locale.ROOT, "%d seeds broke an invariant%n", broken);
        return broken == 0 ? 0 : 1;
    }
}
