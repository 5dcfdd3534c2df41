package io.vertikube.deploy.testing;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.apiserver.testing.TestServer;
import io.vertikube.scheduler.SchedulerOptions;
import io.vertikube.scheduler.SchedulerService;

/** The scheduler, alone and without an election. Immutable. */
public record Scheduler() implements TestServer.Part {

    @Override
    public AutoCloseable start(TestServer server) throws InterruptedException {
        var options = SchedulerOptions.alone(server.as("system:kube-scheduler").config());
        var scheduler = SchedulerService.start(server.vertx(), options, new SimpleMeterRegistry());
        return Waiting.until(scheduler, started -> started.health().isReady(), "it has not seen the cluster yet");
    }
}
