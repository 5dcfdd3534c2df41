package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.View;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.apiserver.table.IncludeObject;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Gvr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** Begins watches. Safe for any event loop. */
final class WatchHandler {

    private final ObjectStorage storage;
    private final Rendering rendering;
    private final ResourceLimits limits;
    private final RandomGenerator random;
    private final Map<Gvr, Set<WatchStream>> running = new ConcurrentHashMap<>();

    WatchHandler(ObjectStorage storage, Rendering rendering, ResourceLimits limits, RandomGenerator random) {
        this.storage = storage;
        this.rendering = rendering;
        this.limits = limits;
        this.random = random;
    }

    void watch(Call call, ResourceType type, Strategy strategy) {
        View view = call.view();
        if (view.format() != View.Format.JSON) {
            throw View.notAcceptable();
        }
        IncludeObject include = Rendering.includeObject(call.query());
        var selection =
                Selection.of(type, strategy.selectableFields(), call.info().namespace(), call.query());
        WatchParameters parameters = WatchParameters.of(call.query());
        var frames = new WatchFrames(type, rendering, view, include);
        if (parameters.initial() == null) {
            WatchStream.start(
                    call,
                    storage,
                    selection,
                    frames,
                    limits,
                    parameters,
                    List.of(),
                    parameters.from(),
                    life(parameters),
                    of(type));
            return;
        }
        storage.read(parameters.initial())
                .whenComplete((snapshot, failure) -> call.onContext(() -> {
                    if (failure != null) {
                        call.fail(failure);
                        return;
                    }
                    List<StoredObject> initial = new ArrayList<>();
                    for (StoredObject object :
                            snapshot.under(selection.prefix()).values()) {
                        if (selection.matches(object)) {
                            initial.add(object);
                        }
                    }
                    WatchStream.start(
                            call,
                            storage,
                            selection,
                            frames,
                            limits,
                            parameters,
                            initial,
                            snapshot.revision(),
                            life(parameters),
                            of(type));
                }));
    }

    /** Ends the watches of a type. */
    void end(ResourceType type) {
        Set<WatchStream> streams = running.remove(type.gvr());
        if (streams != null) {
            streams.forEach(WatchStream::end);
        }
    }

    private Set<WatchStream> of(ResourceType type) {
        return running.computeIfAbsent(type.gvr(), resource -> ConcurrentHashMap.newKeySet());
    }

    /** Watches end at different times so that clients do not come back all at once. */
    private Duration life(WatchParameters parameters) {
        Duration wanted = parameters.timeout();
        if (wanted != null) {
            return wanted;
        }
        long shortest = limits.shortestWatch().toMillis();
        return Duration.ofMillis(shortest + random.nextLong(shortest));
    }
}
