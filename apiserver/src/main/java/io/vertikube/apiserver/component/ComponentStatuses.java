package io.vertikube.apiserver.component;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.ComputedObjects;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.StoreEntry;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.Predicate;

/**
 * The health of the store as this server sees it, and of scheduler and controllers by the Leases that their leaders renew: so it
 * is right wherever they run, where Kubernetes asks ports of its own machine. Safe for any thread.
 */
public final class ComponentStatuses implements ComputedObjects {

    private static final String LEASES = "/registry/coordination.k8s.io/leases/kube-system/";
    private static final List<String> BY_LEASE = List.of("scheduler", "controller-manager");
    private static final String STORE = "etcd-0";

    private final ObjectStorage storage;
    private final InstantSource clock;

    public ComponentStatuses(ObjectStorage storage, InstantSource clock) {
        this.storage = storage;
        this.clock = clock;
    }

    @Override
    public boolean has(ResourceType type) {
        return type.group().isEmpty() && type.plural().equals("componentstatuses");
    }

    @Override
    public ObjectNode get(ResourceType type, String namespace, String name) {
        if (name.equals(STORE)) {
            return storage.trouble().map(why -> status(name, false, why)).orElseGet(() -> status(name, true, "ok"));
        }
        if (BY_LEASE.contains(name)) {
            return byLease(name);
        }
        throw ApiErrors.notFound(type.gvr(), name);
    }

    @Override
    public List<ObjectNode> list(ResourceType type, String namespace, Predicate<StoredObject> selected) {
        return List.of("controller-manager", STORE, "scheduler").stream()
                .map(name -> get(type, "", name))
                .filter(object -> selected.test(storage.objectOf(new StoreEntry(
                        type.storageKey("", object.at("/metadata/name").asText()), Json.bytes(object), 1))))
                .toList();
    }

    private ObjectNode byLease(String name) {
        String leader = "kube-" + name;
        return storage.snapshot(Read.any())
                .get(LEASES + leader)
                .map(lease -> byLease(name, lease.tree()))
                .orElseGet(() -> status(name, false, "no " + leader + " has ever been elected leader"));
    }

    private ObjectNode byLease(String name, ObjectNode lease) {
        String renewed = lease.at("/spec/renewTime").asText("");
        String holder = lease.at("/spec/holderIdentity").asText("");
        try {
            Instant end = OffsetDateTime.parse(renewed)
                    .toInstant()
                    .plusSeconds(lease.at("/spec/leaseDurationSeconds").asLong(0));
            boolean held = !holder.isEmpty() && end.isAfter(clock.instant());
            return held
                    ? status(name, true, "ok")
                    : status(name, false, "its leader has not renewed its lease since " + renewed);
        } catch (DateTimeException unreadable) {
            return status(name, false, "its lease names no time of renewal");
        }
    }

    private static ObjectNode status(String name, boolean healthy, String told) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("kind", "ComponentStatus").put("apiVersion", "v1");
        object.putObject("metadata").put("name", name);
        ObjectNode condition = object.putArray("conditions").addObject();
        condition.put("type", "Healthy").put("status", healthy ? "True" : "False");
        condition.put(healthy ? "message" : "error", told);
        return object;
    }
}
