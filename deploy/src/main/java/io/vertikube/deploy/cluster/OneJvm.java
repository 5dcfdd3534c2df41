package io.vertikube.deploy.cluster;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertikube.apiserver.ApiServerCommand;
import io.vertikube.apiserver.ApiServerService;
import io.vertikube.controller.ControllerManagerCommand;
import io.vertikube.controller.ControllerManagerService;
import io.vertikube.kubelet.KubeletCommand;
import io.vertikube.kubelet.KubeletService;
import io.vertikube.proxy.ProxyCommand;
import io.vertikube.proxy.ProxyService;
import io.vertikube.scheduler.SchedulerCommand;
import io.vertikube.scheduler.SchedulerService;
import io.vertikube.service.RunningService;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * Every service of a cluster in one JVM: the composition root, read from top to bottom. The API server comes first, the
 * others at once behind it; they meet at the API as they do when they run apart. Closing may come from any thread.
 */
public final class OneJvm implements RunningService {

    private static final Logger LOG = LoggerFactory.getLogger(OneJvm.class);

    private final Deque<RunningService> services;

    private OneJvm(Deque<RunningService> services) {
        this.services = services;
    }

    /** Starts all services and waits until each has started; what fails to start ends those that have. */
    public static OneJvm start(Vertx vertx, ClusterSettings settings, Progress progress) {
        var flags = new ServiceFlags(settings);
        var started = new ArrayDeque<RunningService>();
        try {
            started.push(ApiServerService.start(
                    vertx, parsed(new ApiServerCommand(), flags.apiserver()).options(), meters()));
            progress.step("API server is ready at " + settings.localServer());
            List<Callable<RunningService>> others = new ArrayList<>();
            if (settings.simulatedNodes() == 0) {
                others.add(() -> KubeletService.start(
                        vertx, parsed(new KubeletCommand(), flags.kubelet()).options(), meters()));
                others.add(() -> ProxyService.start(
                        vertx, parsed(new ProxyCommand(), flags.kubeProxy()).options(), meters()));
            }
            others.add(() -> ControllerManagerService.start(
                    vertx,
                    parsed(new ControllerManagerCommand(), flags.controllerManager())
                            .options(),
                    meters()));
            others.add(() -> SchedulerService.start(
                    vertx, parsed(new SchedulerCommand(), flags.scheduler()).options(), meters()));
            for (int i = 1; i <= settings.simulatedNodes(); i++) {
                List<String> node = flags.simulatedKubelet(i);
                others.add(() -> KubeletService.start(
                        vertx, parsed(new KubeletCommand(), node).options(), meters()));
            }
            startAll(others, started);
            return new OneJvm(started);
        } catch (RuntimeException e) {
            started.forEach(RunningService::close);
            throw e;
        }
    }

    @Override
    public String name() {
        return "vertikube";
    }

    /** Ends the services in the reverse order of their start: the API server last. */
    @Override
    public void close() {
        while (!services.isEmpty()) {
            RunningService service = services.pop();
            LOG.debug("{} stops", service.name());
            service.close();
        }
    }

    private static void startAll(List<Callable<RunningService>> starts, Deque<RunningService> started) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<RunningService>> running =
                    starts.stream().map(threads::submit).toList();
            RuntimeException failure = null;
            for (Future<RunningService> service : running) {
                try {
                    started.push(service.get());
                } catch (ExecutionException e) {
                    failure = e.getCause() instanceof RuntimeException why ? why : new IllegalStateException(e);
                }
            }
            if (failure != null) {
                throw failure;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the services started", e);
        }
    }

    /** A service's own registry, so that its endpoint shows its own figures. */
    private static PrometheusMeterRegistry meters() {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    private static <C> C parsed(C command, List<String> flags) {
        new CommandLine(command).parseArgs(flags.toArray(new String[0]));
        return command;
    }
}
