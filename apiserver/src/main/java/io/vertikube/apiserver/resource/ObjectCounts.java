package io.vertikube.apiserver.resource;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** How many objects of each type there are, under the name that Kubernetes has for it. Safe for any thread. */
public final class ObjectCounts {

    private final ObjectStorage storage;
    private final Supplier<Catalog> catalog;
    private final MultiGauge gauge;

    public ObjectCounts(ObjectStorage storage, Supplier<Catalog> catalog, MeterRegistry meters) {
        this.storage = storage;
        this.catalog = catalog;
        this.gauge = MultiGauge.builder("apiserver.storage.objects")
                .description("Objects by resource")
                .register(meters);
    }

    /** Counts, before somebody looks; a count costs no walk. */
    public void refresh() {
        Snapshot now = storage.snapshot(Read.any());
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (ResourceType type : catalog.get().all()) {
            if (type.stored()) {
                counts.put(
                        type.gvr().qualified(), now.under(type.storagePrefix()).size());
            }
        }
        gauge.register(
                counts.entrySet().stream()
                        .<MultiGauge.Row<?>>map(
                                count -> MultiGauge.Row.of(Tags.of("resource", count.getKey()), count.getValue()))
                        .toList(),
                true);
    }
}
