package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionNotes;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.admission.Operation;
import io.vertikube.apiserver.apply.Writer;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Gvk;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A write on its way: which object, by whom, how. Immutable.
 *
 * @param subresource empty for the object itself
 * @param namespace empty for cluster-scoped types
 * @param name from the URL; empty for a create
 */
record Write(
        ResourceType type,
        Strategy strategy,
        String subresource,
        String namespace,
        String name,
        UserInfo user,
        WriteOptions options,
        Instant now,
        Audience audience) {

    /** Who hears of a write beside its answer. Any thread may tell. */
    interface Audience {

        /** A sentence for a {@code Warning} header. */
        void warn(String sentence);

        /** An annotation of the audit event. */
        void annotate(String key, String value);
    }

    /** Takes sentences for {@code Warning} headers. */
    Consumer<String> warn() {
        return audience::warn;
    }

    /** The same for an object whose name is known by now. */
    Write named(String other) {
        return new Write(type, strategy, subresource, namespace, other, user, options, now, audience);
    }

    String key() {
        return type.storageKey(namespace, name);
    }

    /** Who the managed fields belong to. */
    Writer writer() {
        return new Writer(
                options.manager(),
                subresource,
                type.gvk(),
                type.subresource("status").isPresent(),
                strategy.keptByStatusWrites(),
                now);
    }

    AdmissionRequest admission(Operation operation, @Nullable ObjectNode object, @Nullable ObjectNode old) {
        return admission(operation, type.gvk(), object, old);
    }

    /** One whose object is of a subresource's kind. */
    AdmissionRequest admission(Operation operation, Gvk kind, @Nullable ObjectNode object, @Nullable ObjectNode old) {
        return new AdmissionRequest(
                operation,
                type,
                kind,
                subresource,
                namespace,
                name,
                object,
                old,
                options.shown(operation),
                user,
                options.dryRun(),
                audience::warn,
                new AdmissionNotes(audience::annotate));
    }
}
