package io.vertikube.deploy.testing;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.apiserver.testing.TestServer;
import io.vertikube.control.Leadership;
import io.vertikube.controller.ControllerManagerOptions;
import io.vertikube.controller.ControllerManagerService;
import io.vertikube.controller.node.NodeLifecycleReconciler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * The controllers, without an election. Immutable.
 *
 * @param names which, as {@code --controllers} takes them: {@code *}, {@code job-controller}, {@code -node-lifecycle-controller}
 */
public record Controllers(List<String> names) implements TestServer.Part {

    private static final String POD_RANGE = "10.42.0.0/16";

    public Controllers {
        names = List.copyOf(names);
    }

    /** All of them. */
    public Controllers() {
        this(List.of("*"));
    }

    @Override
    public AutoCloseable start(TestServer server) throws InterruptedException {
        var me = server.as("system:kube-controller-manager").config();
        var alone = ControllerManagerOptions.defaults(me, "test");
        var leadership = alone.leadership();
        var options = alone.withControllers(names)
                .withRootCa(new String(me.caPem(), StandardCharsets.US_ASCII))
                .withNodeRanges(new ControllerManagerOptions.NodeRanges(true, List.of(POD_RANGE), 24, 64))
                .withNodeMonitor(new NodeLifecycleReconciler.Timings(
                        Duration.ofSeconds(1), Duration.ofSeconds(50), Duration.ofSeconds(60)))
                .withLeadership(new Leadership(
                        false, leadership.namespace(), leadership.name(), leadership.identity(), leadership.timings()));
        var controllers = ControllerManagerService.start(server.vertx(), options, new SimpleMeterRegistry());
        return Waiting.until(controllers, ControllerManagerService::working, "its controllers do not work yet");
    }
}
