package io.vertikube.control;

import io.vertikube.service.DurationConverter;
import java.time.Duration;
import picocli.CommandLine.Option;

/** {@code --leader-elect…}: which Lease is held, and for how long; a picocli mixin. Confined to the thread that parses. */
public final class LeadershipFlags {

    @Option(names = "--leader-elect", defaultValue = "true", fallbackValue = "true", arity = "0..1")
    private boolean elect;

    @Option(names = "--leader-elect-lease-duration", defaultValue = "15s", converter = DurationConverter.class)
    private Duration leaseDuration = Duration.ofSeconds(15);

    @Option(names = "--leader-elect-renew-deadline", defaultValue = "10s", converter = DurationConverter.class)
    private Duration renewDeadline = Duration.ofSeconds(10);

    @Option(names = "--leader-elect-retry-period", defaultValue = "2s", converter = DurationConverter.class)
    private Duration retryPeriod = Duration.ofSeconds(2);

    @Option(names = "--leader-elect-resource-name")
    private String resourceName;

    @Option(names = "--leader-elect-resource-namespace", defaultValue = Leadership.NAMESPACE)
    private String resourceNamespace = Leadership.NAMESPACE;

    /** @param lease the name of the Lease, unless a flag says otherwise */
    public LeadershipFlags(String lease) {
        this.resourceName = lease;
    }

    /** What the flags say. @throws IllegalArgumentException for times with which two could lead */
    public Leadership leadership(String identity) {
        if (leaseDuration.compareTo(renewDeadline) <= 0) {
            throw new IllegalArgumentException("--leader-elect-lease-duration: must be greater than"
                    + " --leader-elect-renew-deadline, or another may lead while this one still tries to renew");
        }
        if (renewDeadline.compareTo(retryPeriod) <= 0) {
            throw new IllegalArgumentException(
                    "--leader-elect-renew-deadline: must be greater than --leader-elect-retry-period");
        }
        return new Leadership(
                elect,
                resourceNamespace,
                resourceName,
                identity,
                new LeaderElector.Timings(leaseDuration, renewDeadline, retryPeriod));
    }
}
