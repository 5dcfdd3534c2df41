package io.vertikube.controller;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertikube.cache.Informers;
import io.vertikube.client.ApiClient;
import io.vertikube.control.Time;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.EventRecorders;
import io.vertikube.controller.frame.Identities;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.frame.ServiceAccounts;
import io.vertikube.controller.workload.Indexes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One term of leadership: fresh informers and the selected controllers, from the moment the Lease is held to the moment it is
 * lost. {@link #close()} may come from any thread.
 */
final class Term implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Term.class);
    private static final Duration SYNC_PATIENCE = Duration.ofSeconds(30);

    private final Informers informers;
    private final Identities identities;
    private final List<EventRecorders> recorders = new ArrayList<>();
    private final List<ManagedController> controllers = new ArrayList<>();
    private final Thread starter;
    private volatile boolean running;

    Term(ApiClient client, ControllerManagerOptions options, MeterRegistry meters, Time clock) {
        this.informers = new Informers(client);
        this.identities = options.ownAccounts() ? new ServiceAccounts(client, clock) : Identities.one(client);
        String host = options.leadership().identity();
        Map<ApiClient, ControllerContext> contexts = new HashMap<>();
        Indexes.addTo(informers);
        List<Controllers> table = Controllers.all();
        Selection selection = Selection.of(options.controllers(), table);
        for (Controllers row : table) {
            if (selection.runs(row)) {
                int workers = options.concurrentSyncs().getOrDefault(row.name(), row.workers());
                ControllerContext context = contexts.computeIfAbsent(
                        identities.of(AccountNames.of(row)),
                        actor -> new ControllerContext(actor, informers, recorder(actor, host, clock), clock, meters));
                row.factory().create(context, options, workers).ifPresent(controllers::add);
            }
        }
        this.starter = Thread.ofVirtual().name("controllers").unstarted(this::run);
    }

    private EventRecorders recorder(ApiClient actor, String host, Time clock) {
        var recorder = new EventRecorders(actor, host, clock);
        recorders.add(recorder);
        return recorder;
    }

    void start() {
        starter.start();
    }

    /** Whether the controllers work. */
    boolean running() {
        return running;
    }

    private void run() {
        informers.start();
        try {
            awaitInformers();
        } catch (InterruptedException closed) {
            return;
        }
        controllers.forEach(ManagedController::start);
        running = true;
        LOG.info("{} controllers work", controllers.size());
    }

    private void awaitInformers() throws InterruptedException {
        while (true) {
            try {
                informers.awaitSync(SYNC_PATIENCE);
                return;
            } catch (IllegalStateException late) {
                LOG.warn("controllers wait: {}", late.getMessage());
            }
        }
    }

    @Override
    public void close() {
        running = false;
        starter.interrupt();
        controllers.forEach(ManagedController::close);
        informers.close();
        recorders.forEach(EventRecorders::close);
        identities.close();
    }
}
