package io.vertikube.apiserver.bootstrap;

import io.vertikube.apiserver.storage.KeyExists;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.RevisionMismatch;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.catalog.Catalog;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Keeps the APIServices of what definitions bring: there while the definition is served, gone with it. What several
 * servers do at once comes to the same. One thread at a time.
 */
public final class CustomApiServices {

    private final ObjectStorage storage;
    private final Supplier<Catalog> catalog;
    private final ApiServices services;

    public CustomApiServices(ObjectStorage storage, Supplier<Catalog> catalog, InstantSource clock) {
        this.storage = storage;
        this.catalog = catalog;
        this.services = new ApiServices(new Objects(clock));
    }

    /** Makes what is missing and removes what is too much. Blocks on the store. */
    public void round() {
        Map<String, Wanted> wanted = services.custom(catalog.get());
        Snapshot now = storage.snapshot(Read.any());
        try {
            for (Wanted one : wanted.values()) {
                if (now.get(one.key()).isEmpty()) {
                    storage.create(one.key(), one.object());
                }
            }
            for (StoredObject there : now.under(ApiServices.PREFIX).values()) {
                boolean ours = "true".equals(there.labels().get(ApiServices.AUTOMANAGED));
                if (ours && !wanted.containsKey(there.key())) {
                    storage.delete(there.key(), there.revision());
                }
            }
        } catch (KeyExists | RevisionMismatch e) {
            // Another server does the same; the next round looks again.
        }
    }
}
