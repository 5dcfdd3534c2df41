package io.vertikube.kubelet;

import io.vertikube.kubelet.runtime.RuntimeTimeouts;
import io.vertikube.service.DurationConverter;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a node waits for its runtime. */
final class RuntimeTimeoutFlags {

    @Option(
            names = "--runtime-request-timeout",
            paramLabel = "DURATION",
            defaultValue = "2m",
            converter = DurationConverter.class,
            description = "How long the runtime may take for an answer, but for pulls, commands and the grace of"
                    + " containers; twice that for starting something (${DEFAULT-VALUE}).")
    private Duration request = RuntimeTimeouts.DEFAULT.request();

    @Option(
            names = "--streaming-connection-idle-timeout",
            paramLabel = "DURATION",
            defaultValue = "4h",
            converter = DurationConverter.class,
            description = "After which an exec, attach or port-forward that carries nothing is ended, 0 for never"
                    + " (${DEFAULT-VALUE}).")
    private Duration idleStream = RuntimeTimeouts.DEFAULT.idleStream();

    RuntimeTimeouts timeouts() {
        return new RuntimeTimeouts(request, idleStream);
    }
}
