package io.vertikube.controller.gc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who owns whom, as far as it has been seen. Every change answers with the uids of the objects that have to be looked at
 * because of it. Safe for any thread.
 */
final class OwnerGraph {
    private final Map<String, GraphObject> objects = new HashMap<>();
    private final Map<String, Set<String>> dependents = new HashMap<>();

    synchronized Optional<GraphObject> get(String uid) {
        return Optional.ofNullable(objects.get(uid));
    }

    synchronized List<GraphObject> dependents(String uid) {
        var found = new ArrayList<GraphObject>();
        for (String dependent : dependents.getOrDefault(uid, Set.of())) {
            GraphObject object = objects.get(dependent);
            if (object != null) {
                found.add(object);
            }
        }
        return found;
    }

    synchronized boolean hasDependents(String uid) {
        return dependents.containsKey(uid);
    }

    /** Notes an object as it is now. */
    synchronized Set<String> put(GraphObject object) {
        GraphObject before = objects.put(object.uid(), object);
        var look = new LinkedHashSet<String>();
        relink(before, object);
        if (before == null || !before.owners().equals(object.owners())) {
            if (!object.owners().isEmpty()) {
                look.add(object.uid());
            }
            if (before != null) {
                before.owners().forEach(owner -> addIfWaiting(owner.getUid(), look));
            }
        }
        boolean startsToWait = object.waitsForDependents() && (before == null || !before.waitsForDependents());
        if (startsToWait) {
            look.addAll(dependents.getOrDefault(object.uid(), Set.of()));
        }
        if (object.waitsForDependents() || object.orphansDependents()) {
            look.add(object.uid());
        }
        object.owners().forEach(owner -> addIfWaiting(owner.getUid(), look));
        return look;
    }

    /** Forgets an object that is gone. */
    synchronized Set<String> remove(String uid) {
        GraphObject before = objects.remove(uid);
        var look = new LinkedHashSet<String>(dependents.getOrDefault(uid, Set.of()));
        if (before != null) {
            relink(before, null);
            before.owners().forEach(owner -> addIfWaiting(owner.getUid(), look));
        }
        return look;
    }

    /** The uids known of a type, so that a fresh list shows which of them are gone. */
    synchronized Set<String> uidsOf(io.vertikube.object.Gvr type) {
        var found = new HashSet<String>();
        for (GraphObject object : objects.values()) {
            if (object.type().gvr().equals(type)) {
                found.add(object.uid());
            }
        }
        return found;
    }

    private void addIfWaiting(String ownerUid, Set<String> look) {
        GraphObject owner = objects.get(ownerUid);
        if (owner != null && owner.waitsForDependents()) {
            look.add(ownerUid);
        }
    }

    private void relink(@Nullable GraphObject before, @Nullable GraphObject after) {
        if (before != null && after != null && Objects.equals(before.owners(), after.owners())) {
            return;
        }
        if (before != null) {
            before.owners()
                    .forEach(owner -> dependents.computeIfPresent(owner.getUid(), (uid, set) -> {
                        set.remove(before.uid());
                        return set.isEmpty() ? null : set;
                    }));
        }
        if (after != null) {
            after.owners()
                    .forEach(owner -> dependents
                            .computeIfAbsent(owner.getUid(), uid -> new HashSet<>())
                            .add(after.uid()));
        }
    }
}
