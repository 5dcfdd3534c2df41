package io.vertikube.apiserver;

import io.vertikube.apiserver.audit.AuditLimits;
import io.vertikube.apiserver.audit.AuditOptions;
import io.vertikube.service.DurationConverter;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that say what is recorded of requests. Confined to the command line. */
final class AuditFlags {

    @Option(names = "--audit-policy-file", paramLabel = "FILE", description = "What is recorded; nothing without it.")
    private @Nullable Path policyFile;

    @Option(
            names = "--audit-log-path",
            paramLabel = "FILE",
            defaultValue = "",
            description = "Where it is recorded, an event a line; - for standard output.")
    private String logPath = "";

    @Option(
            names = "--audit-log-maxage",
            defaultValue = "0",
            description = "Days that full files are kept; 0: for ever.")
    private int maxAge;

    @Option(names = "--audit-log-maxbackup", defaultValue = "0", description = "Full files that are kept; 0: all.")
    private int maxBackup;

    @Option(names = "--audit-log-maxsize", defaultValue = "0", description = "Megabytes of a file; 0: 100.")
    private int maxSize;

    @Option(names = "--audit-log-compress", description = "Full files are packed with gzip.")
    private boolean compress;

    @Option(
            names = "--audit-webhook-config-file",
            paramLabel = "FILE",
            description = "A kubeconfig whose server takes the events, in batches.")
    private @Nullable Path webhookConfigFile;

    @Option(names = "--audit-webhook-batch-max-size", defaultValue = "400", description = "Events of one request.")
    private int webhookBatchMaxSize = 400;

    @Option(
            names = "--audit-webhook-batch-max-wait",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "Longest that an event waits for company.")
    private Duration webhookBatchMaxWait = Duration.ofSeconds(30);

    @Option(
            names = "--audit-webhook-initial-backoff",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How long to wait before a failed request is tried again.")
    private Duration webhookInitialBackoff = Duration.ofSeconds(10);

    AuditOptions options() {
        return new AuditOptions(
                policyFile,
                logPath,
                maxAge,
                maxBackup,
                maxSize,
                compress,
                webhookConfigFile,
                AuditLimits.DEFAULT.withWebhook(webhookBatchMaxSize, webhookBatchMaxWait, webhookInitialBackoff));
    }
}
