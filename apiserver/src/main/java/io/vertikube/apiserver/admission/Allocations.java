package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.KeyExists;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.RevisionMismatch;
import io.vertikube.apiserver.storage.StoredObject;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Addresses and ports that Services hold: one object each, created only if nobody has it, so that any number of API
 * servers agree. Addresses are IPAddress objects for all to see; ports are kept beside them. Safe for any thread.
 */
final class Allocations {

    /** What is handed out. */
    enum Pool {
        ADDRESSES("/registry/networking.k8s.io/ipaddresses/"),
        NODE_PORTS("/registry/ranges/servicenodeports/");

        private final String prefix;

        Pool(String prefix) {
            this.prefix = prefix;
        }

        /** Where its objects are stored. */
        String prefix() {
            return prefix;
        }
    }

    /** The Service that holds something. */
    record Owner(String namespace, String name) {}

    private final ObjectStorage storage;
    private final InstantSource clock;

    Allocations(ObjectStorage storage, InstantSource clock) {
        this.storage = storage;
        this.clock = clock;
    }

    /** Everything of a pool that is taken, as this server knows. */
    Set<String> taken(Pool pool) {
        var names = new HashSet<String>();
        storage.snapshot(Read.any()).under(pool.prefix).values().forEach(o -> names.add(o.name()));
        return names;
    }

    boolean isTaken(Pool pool, String name) {
        return storage.snapshot(Read.latest()).get(pool.prefix + name).isPresent();
    }

    /** Takes it; false if somebody has it. */
    boolean take(Pool pool, String name, Owner owner) {
        try {
            storage.create(pool.prefix + name, object(pool, name, owner));
            return true;
        } catch (KeyExists e) {
            return false;
        }
    }

    /** Gives it back if this owner has it. */
    void release(Pool pool, String name, Owner owner) {
        Optional<StoredObject> held = storage.snapshot(Read.latest()).get(pool.prefix + name);
        if (held.isEmpty() || !belongs(held.get(), owner)) {
            return;
        }
        try {
            storage.delete(held.get().key(), held.get().revision());
        } catch (RevisionMismatch e) {
            // Somebody changed or released it since: theirs now.
            return;
        }
    }

    /** Whether it was handed out here, and not made by somebody as an object of their own. */
    static boolean isOurs(StoredObject held) {
        return !held.key().startsWith(Pool.ADDRESSES.prefix)
                || "ipallocator.k8s.io".equals(held.labels().get("ipaddress.kubernetes.io/managed-by"));
    }

    /** A Service that got its name after its address is not named in it. */
    private static boolean belongs(StoredObject held, Owner owner) {
        Owner holder = owner(held);
        return holder.namespace().equals(owner.namespace())
                && (holder.name().isEmpty() || holder.name().equals(owner.name()));
    }

    static Owner owner(StoredObject held) {
        var parent = Trees.at(held.tree(), "spec", "parentRef");
        return new Owner(
                parent.path("namespace").asText(""), parent.path("name").asText(""));
    }

    private ObjectNode object(Pool pool, String name, Owner owner) {
        ObjectNode object = Trees.newObject();
        object.put("apiVersion", pool == Pool.ADDRESSES ? "networking.k8s.io/v1" : "internal.vertikube.io/v1");
        object.put("kind", pool == Pool.ADDRESSES ? "IPAddress" : "NodePortAllocation");
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("name", name);
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put(
                "creationTimestamp",
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        if (pool == Pool.ADDRESSES) {
            metadata.putObject("labels")
                    .put("ipaddress.kubernetes.io/ip-family", name.indexOf(':') < 0 ? "IPv4" : "IPv6")
                    .put("ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io");
        }
        object.putObject("spec")
                .putObject("parentRef")
                .put("group", "")
                .put("resource", "services")
                .put("namespace", owner.namespace())
                .put("name", owner.name());
        return object;
    }
}
