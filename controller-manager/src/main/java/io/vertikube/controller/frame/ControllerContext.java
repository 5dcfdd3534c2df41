package io.vertikube.controller.frame;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertikube.cache.Informer;
import io.vertikube.cache.Informers;
import io.vertikube.client.ApiClient;
import io.vertikube.client.ListOptions;
import io.vertikube.control.Controller;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Reconciler;
import io.vertikube.control.Time;

/** What the outside world is to a controller during one term of leadership. Immutable; its parts are safe for any thread. */
public record ControllerContext(
        ApiClient client, Informers informers, EventRecorders recorders, Time clock, MeterRegistry meters) {

    /** The shared informer of a type, started with the others before any controller runs. */
    public <T extends HasMetadata> Informer<T> informer(Class<T> type) {
        return informers.of(type);
    }

    /** The informer of the part of a type that a controller looks at. */
    public <T extends HasMetadata> Informer<T> informer(Class<T> type, ListOptions scope) {
        return informers.of(type, "", scope);
    }

    /** A queue with workers, not started yet. */
    public Controller queue(String name, int workers, Reconciler reconciler) {
        return new Controller(name, workers, reconciler, meters, clock);
    }

    /** A recorder whose events name {@code component} as their source. */
    public EventRecorder events(String component) {
        return recorders.of(component);
    }
}
