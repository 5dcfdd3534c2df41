package io.vertikube.apiserver.admission.match;

import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.authz.Authorizer;
import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.resource.ConversionTable;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.catalog.Catalog;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What matching and conditions look at beside the write. Safe for any thread.
 *
 * @param engine asked when the first expression comes
 */
public record Surroundings(
        ObjectStorage storage,
        Supplier<Catalog> catalog,
        ConversionTable conversions,
        Authorizer authorizer,
        Supplier<CelEngine> engine) {

    private static final String GROUP = "admissionregistration.k8s.io";

    /** What configures webhooks and policies is never shown to one. */
    public boolean isExempt(AdmissionRequest request) {
        return request.type().group().equals(GROUP);
    }

    public Snapshot now() {
        return storage.snapshot(Read.any());
    }

    /** The write as somebody sees it; empty if it is none of theirs. */
    public Optional<Seen> seen(Criteria criteria, AdmissionRequest request, Snapshot now) {
        return criteria.seenAs(request, now, catalog.get()).map(type -> new Seen(this, request, type));
    }
}
