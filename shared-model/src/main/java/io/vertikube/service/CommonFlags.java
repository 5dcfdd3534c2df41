package io.vertikube.service;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that every service has; a picocli mixin. Confined to the thread that parses. */
public final class CommonFlags {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML file with flags by name (secure-port, or securePort). Flags on the command line win.")
    private @Nullable Path config;

    @Option(
            names = {"-v", "--v"},
            paramLabel = "LEVEL",
            defaultValue = "0",
            description = "Verbosity of the log: 0 to 2 information, 3 and more debugging.")
    private int verbosity;

    @Option(
            names = "--logging-format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, or json for one JSON object a line.")
    private String loggingFormat = "text";

    public int verbosity() {
        return verbosity;
    }

    public String loggingFormat() {
        return loggingFormat;
    }

    /** The config file that was named, or null. */
    public @Nullable Path config() {
        return config;
    }
}
