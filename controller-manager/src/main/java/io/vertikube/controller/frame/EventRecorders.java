package io.vertikube.controller.frame;

import io.vertikube.client.ApiClient;
import io.vertikube.control.EventRecorder;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One recorder a component, all closed together. Safe for any thread. */
public final class EventRecorders implements AutoCloseable {
    private final ApiClient client;
    private final String host;
    private final InstantSource clock;
    private final Map<String, EventRecorder> byComponent = new ConcurrentHashMap<>();

    /** @param host the machine that events name as their source */
    public EventRecorders(ApiClient client, String host, InstantSource clock) {
        this.client = client;
        this.host = host;
        this.clock = clock;
    }

    EventRecorder of(String component) {
        return byComponent.computeIfAbsent(component, name -> new EventRecorder(client, name, host, clock));
    }

    @Override
    public void close() {
        byComponent.values().forEach(EventRecorder::close);
    }
}
