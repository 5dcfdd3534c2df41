package io.vertikube.e2e.kubectl;

import io.vertikube.e2e.host.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The kubectl programs at hand by their version, such as 1.27: those of the PATH, those that lie beside them, and what
 * {@code deploy/test} unpacked of Debian's package.
 */
final class Kubectls {

    /** Debian's, the last one before aggregated discovery, the last before WebSockets, and today's. */
    static final List<String> WANTED = List.of("1.20", "1.27", "1.29", "1.32");

    private static final Path UNPACKED = Path.of("../deploy/target/kubernetes-client/usr/bin");
    private static final Pattern MINOR = Pattern.compile("\"minor\": \"(\\d+)");

    private Kubectls() {}

    static Map<String, Path> atHand() throws IOException {
        var found = new TreeMap<String, Path>();
        for (String folder : (UNPACKED + ":" + System.getenv().getOrDefault("PATH", "")).split(":")) {
            Path program = Path.of(folder, "kubectl");
            if (Files.isExecutable(program)) {
                try (Stream<Path> beside = Files.list(program.toRealPath().getParent())) {
                    for (Path each : beside.filter(
                                    p -> p.getFileName().toString().matches("kubectl(\\.1\\.\\d+)?"))
                            .sorted()
                            .toList()) {
                        found.putIfAbsent(version(each), each.toRealPath());
                    }
                }
            }
        }
        found.keySet().retainAll(WANTED);
        return found;
    }

    private static String version(Path program) {
        String name = program.getFileName().toString();
        if (name.startsWith("kubectl.")) {
            return name.substring("kubectl.".length());
        }
        String said = new Shell(List.of(), Map.of())
                .run(Duration.ofSeconds(30), program.toString(), "version", "--client", "-o", "json")
                .orFail();
        Matcher minor = MINOR.matcher(said);
        if (!minor.find()) {
            throw new IllegalStateException(program + " does not tell its version: " + said);
        }
        return "1." + minor.group(1);
    }
}
