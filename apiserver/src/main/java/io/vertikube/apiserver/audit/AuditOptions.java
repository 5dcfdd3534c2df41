package io.vertikube.apiserver.audit;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded and where, as the {@code --audit-*} flags say. Immutable.
 *
 * @param policy without one nothing is recorded
 * @param log {@code -} for standard output; empty for none
 * @param maxAgeDays how long full files are kept; 0 for ever
 * @param maxBackups how many are kept; 0 for any number
 * @param maxSizeMegabytes of one file; 0 for 100
 * @param compress whether full files are packed
 * @param webhook a kubeconfig whose server takes the events
 */
public record AuditOptions(
        @Nullable Path policy,
        String log,
        int maxAgeDays,
        int maxBackups,
        int maxSizeMegabytes,
        boolean compress,
        @Nullable Path webhook,
        AuditLimits limits) {

    public static final AuditOptions OFF = new AuditOptions(null, "", 0, 0, 0, false, null, AuditLimits.DEFAULT);

    private static final int USUAL_MEGABYTES = 100;

    public AuditOptions {
        notNegative("--audit-log-maxage", maxAgeDays);
        notNegative("--audit-log-maxbackup", maxBackups);
        notNegative("--audit-log-maxsize", maxSizeMegabytes);
    }

    /** Whether there is something to record and a place for it. */
    public boolean on() {
        return policy != null && (!log.isEmpty() || webhook != null);
    }

    RotatedFile.Keeping keeping() {
        long megabytes = maxSizeMegabytes == 0 ? USUAL_MEGABYTES : maxSizeMegabytes;
        return new RotatedFile.Keeping(megabytes * 1024 * 1024, maxBackups, Duration.ofDays(maxAgeDays), compress);
    }

    private static void notNegative(String flag, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(flag + " " + value + " can't be a negative number");
        }
    }
}
