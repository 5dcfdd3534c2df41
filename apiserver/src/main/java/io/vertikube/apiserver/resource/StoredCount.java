package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.front.RequestInfo;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * How many objects a request for many is about, before any selector: a look at the snapshot's tree, which knows its
 * sizes. Safe for any thread.
 */
public final class StoredCount implements ToLongFunction<RequestInfo> {

    private final ObjectStorage storage;
    private final Supplier<Catalog> catalog;

    public StoredCount(ObjectStorage storage, Supplier<Catalog> catalog) {
        this.storage = storage;
        this.catalog = catalog;
    }

    /** 0 for what is not stored. */
    @Override
    public long applyAsLong(RequestInfo info) {
        Optional<ResourceType> type = catalog.get().byResource(info.group(), info.version(), info.resource());
        if (type.isEmpty() || !type.get().stored()) {
            return 0;
        }
        String prefix = type.get().storagePrefix();
        if (type.get().namespaced() && !info.namespace().isEmpty()) {
            prefix += info.namespace() + "/";
        }
        return storage.snapshot(Read.any()).under(prefix).size();
    }
}
