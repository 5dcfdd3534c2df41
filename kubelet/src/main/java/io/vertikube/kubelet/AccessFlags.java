package io.vertikube.kubelet;

import io.vertikube.kubelet.server.AccessTimes;
import io.vertikube.kubelet.server.TlsLimits;
import io.vertikube.service.DurationConverter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Who may call a node's server, and how. Confined to the thread that parses. */
final class AccessFlags {

    private static final Path SYSTEM_LOGS = Path.of("/var/log");

    @Option(
            names = "--tls-min-version",
            paramLabel = "VERSION",
            defaultValue = "VersionTLS12",
            description = "Oldest TLS that callers may speak: VersionTLS12 or VersionTLS13 (${DEFAULT-VALUE}).")
    private String oldestTls = "VersionTLS12";

    @Option(
            names = "--tls-cipher-suites",
            split = ",",
            paramLabel = "SUITE",
            description = "Cipher suites for TLS 1.2 (the platform's own choice); TLS 1.3 has its own.")
    private List<String> cipherSuites = List.of();

    @Option(
            names = "--authentication-token-webhook-cache-ttl",
            paramLabel = "DURATION",
            defaultValue = "2m",
            converter = DurationConverter.class,
            description = "How long a caller's token is known once the API has said whose it is (${DEFAULT-VALUE}).")
    private Duration token = AccessTimes.DEFAULT.token();

    @Option(
            names = "--authorization-webhook-cache-authorized-ttl",
            paramLabel = "DURATION",
            defaultValue = "5m",
            converter = DurationConverter.class,
            description = "How long a caller may do again what the API has allowed (${DEFAULT-VALUE}).")
    private Duration allowed = AccessTimes.DEFAULT.allowed();

    @Option(
            names = "--authorization-webhook-cache-unauthorized-ttl",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "How long a caller may not do what the API has denied (${DEFAULT-VALUE}).")
    private Duration denied = AccessTimes.DEFAULT.denied();

    @Option(
            names = "--enable-system-log-handler",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "true",
            description = "Let those who may get nodes/log read the files below /var/log (${DEFAULT-VALUE}).")
    private boolean systemLogs = true;

    /** An {@link IllegalArgumentException} names a flag that cannot be. */
    TlsLimits tls() {
        return TlsLimits.of(oldestTls, cipherSuites);
    }

    Optional<Path> systemLogs() {
        return systemLogs ? Optional.of(SYSTEM_LOGS) : Optional.empty();
    }

    AccessTimes times() {
        return new AccessTimes(token, allowed, denied);
    }
}
