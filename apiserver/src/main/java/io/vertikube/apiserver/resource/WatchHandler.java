package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.View;
import io.vertikube.apiserver.protobuf.ProtobufCodec;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.apiserver.table.IncludeObject;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Gvr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** Begins watches. Safe for any event loop. */
final class WatchHandler {

    private final ObjectStorage storage;
    private final Forms forms;
    private final Rendering rendering;
    private final ProtobufCodec codec;
    private final ResourceLimits limits;
    private final RandomGenerator random;
    private final Map<Gvr, Set<WatchStream>> running = new ConcurrentHashMap<>();

    private final SharedFrames shared = new SharedFrames();

    WatchHandler(
            ObjectStorage storage,
            Forms forms,
            Rendering rendering,
            ProtobufCodec codec,
            ResourceLimits limits,
            RandomGenerator random) {
        this.storage = storage;
        this.forms = forms;
        this.rendering = rendering;
        this.codec = codec;
        this.limits = limits;
        this.random = random;
    }

    void watch(Call call, ResourceType type, Strategy strategy) {
        if (WatchOutlet.wantsMessages(call)) {
            // A request that has been read to its end cannot become a WebSocket any more.
            call.request().pause();
        }
        View view = call.view(type.gvk());
        Rendering.demandObject(view, type);
        if (view.format() == View.Format.YAML) {
            throw View.notAcceptable();
        }
        IncludeObject include = Rendering.includeObject(call.query());
        var selection = Selection.of(type, strategy, call.info().namespace(), call.query())
                .ofName(call.info().name());
        WatchParameters parameters = WatchParameters.of(call.query());
        if (view.format() == View.Format.PROTOBUF) {
            var frames = new BinaryFrames(type, rendering, view, codec, shared);
            call.work(() -> {
                codec.prepare();
                call.onContext(() -> begin(call, type, selection, parameters, frames));
            });
        } else {
            begin(call, type, selection, parameters, new JsonFrames(type, rendering, view, include));
        }
    }

    private void begin(
            Call call, ResourceType type, Selection selection, WatchParameters parameters, WatchFrames frames) {
        var stream = new WatchStream.Beginning(
                call, storage, forms, type, selection, frames, limits, parameters, life(parameters), of(type));
        if (parameters.initial() == null) {
            stream.start(List.of(), parameters.from());
            return;
        }
        storage.read(parameters.initial())
                .whenComplete((snapshot, failure) -> call.onContext(() -> {
                    if (failure != null) {
                        call.fail(failure);
                        return;
                    }
                    Collection<StoredObject> all = parameters.tellInitial()
                            ? snapshot.under(selection.prefix()).values()
                            : List.of();
                    if (forms.ready(type, all)) {
                        stream.start(initial(type, selection, all), snapshot.revision());
                    } else {
                        Thread.ofVirtual().name("converting").start(() -> {
                            try {
                                forms.prepare(type, all);
                                List<StoredObject> initial = initial(type, selection, all);
                                call.onContext(() -> stream.start(initial, snapshot.revision()));
                            } catch (Throwable e) {
                                call.fail(e);
                            }
                        });
                    }
                }));
    }

    private List<StoredObject> initial(ResourceType type, Selection selection, Collection<StoredObject> all) {
        List<StoredObject> initial = new ArrayList<>();
        for (StoredObject object : all) {
            StoredObject form = forms.of(type, object);
            if (selection.matches(form)) {
                initial.add(form);
            }
        }
        return initial;
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
