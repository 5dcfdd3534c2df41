package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.RevisionMismatch;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.ApiErrors;
import io.vertikube.value.PodResources;
import io.vertikube.value.Quantities;
import io.vertikube.value.QuotaUsage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a namespace within its quotas: what a write adds is charged to {@code status.used} before it is stored, by a
 * write on the quota that fails if somebody else charged meanwhile. A write that then fails gets its charge back; if
 * that cannot be written either, the quota controller gives it back when it counts again.
 */
final class ResourceQuotaAdmission implements AdmissionPlugin {

    private static final int TRIES = 10;

    /** What was charged to which quota. */
    private record Charge(String key, Map<String, BigDecimal> delta) {}

    private final ObjectStorage storage;
    private final Map<AdmissionRequest, List<Charge>> charged = Collections.synchronizedMap(new IdentityHashMap<>());

    ResourceQuotaAdmission(ObjectStorage storage) {
        this.storage = storage;
    }

    @Override
    public String name() {
        return "ResourceQuota";
    }

    @Override
    public void validate(AdmissionRequest request) {
        boolean writes = request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        if (!writes || !request.subresource().isEmpty() || request.namespace().isEmpty()) {
            return;
        }
        String prefix = "/registry/core/resourcequotas/" + request.namespace() + "/";
        for (StoredObject quota :
                List.copyOf(storage.snapshot(Read.any()).under(prefix).values())) {
            charge(request, quota);
        }
    }

    @Override
    public void stored(AdmissionRequest request) {
        charged.remove(request);
    }

    @Override
    public void undo(AdmissionRequest request) {
        @Nullable List<Charge> charges = charged.remove(request);
        if (charges != null) {
            charges.forEach(this::giveBack);
        }
    }

    private void giveBack(Charge charge) {
        boolean done = false;
        for (int i = 0; i < TRIES && !done; i++) {
            done = triedToGiveBack(charge);
        }
    }

    /** False if somebody else wrote the quota meanwhile. */
    private boolean triedToGiveBack(Charge charge) {
        Optional<StoredObject> quota = storage.snapshot(Read.latest()).get(charge.key());
        if (quota.isEmpty()) {
            return true;
        }
        ObjectNode tree = quota.get().tree();
        var negative = new HashMap<String, BigDecimal>();
        charge.delta().forEach((name, added) -> negative.put(name, added.negate()));
        add(tree, negative);
        try {
            storage.update(charge.key(), quota.get().revision(), tree);
            return true;
        } catch (RevisionMismatch e) {
            return false;
        }
    }

    private void charge(AdmissionRequest request, StoredObject seen) {
        StoredObject quota = seen;
        for (int i = 0; i < TRIES; i++) {
            ObjectNode tree = quota.tree();
            Map<String, BigDecimal> delta = delta(request, tree);
            if (delta.isEmpty()) {
                return;
            }
            demand(request, tree, delta);
            if (request.dryRun()) {
                return;
            }
            add(tree, delta);
            try {
                storage.update(quota.key(), quota.revision(), tree);
                charged.computeIfAbsent(request, any -> new ArrayList<>()).add(new Charge(quota.key(), delta));
                return;
            } catch (RevisionMismatch e) {
                if (e.current().isEmpty()) {
                    return;
                }
                quota = storage.objectOf(e.current().get());
            }
        }
        throw ApiErrors.conflict(
                request.type().gvr(), request.name(), "the quota " + seen.name() + " is being changed all the time");
    }

    /** What the write adds, of what the quota limits. */
    private static Map<String, BigDecimal> delta(AdmissionRequest request, ObjectNode quota) {
        String group = request.type().group();
        String plural = request.type().plural();
        boolean isPod = group.isEmpty() && plural.equals("pods");
        ObjectNode object = request.requireObject();
        @Nullable ObjectNode old = request.oldObject();
        if (!QuotaUsage.inScope(quota.path("spec"), isPod, object)) {
            return Map.of();
        }
        Map<String, BigDecimal> after = QuotaUsage.of(group, plural, object);
        Map<String, BigDecimal> before = old == null ? Map.of() : QuotaUsage.of(group, plural, old);
        var delta = new HashMap<String, BigDecimal>();
        var hard = Trees.at(quota, "spec", "hard");
        for (Map.Entry<String, BigDecimal> entry : after.entrySet()) {
            BigDecimal added = entry.getValue().subtract(before.getOrDefault(entry.getKey(), BigDecimal.ZERO));
            if (hard.has(entry.getKey()) && added.signum() > 0) {
                delta.put(entry.getKey(), added);
            }
        }
        if (isPod && old == null) {
            demandSpecified(request, quota, after);
        }
        return delta;
    }

    /** A quota on cpu or memory makes every pod say how much it takes. */
    private static void demandSpecified(AdmissionRequest request, ObjectNode quota, Map<String, BigDecimal> specified) {
        var missing = new ArrayList<String>();
        Trees.at(quota, "spec", "hard").fieldNames().forEachRemaining(name -> {
            boolean compute = name.equals("cpu")
                    || name.equals("memory")
                    || name.equals("requests.cpu")
                    || name.equals("requests.memory")
                    || name.equals("limits.cpu")
                    || name.equals("limits.memory");
            if (compute && !specified.containsKey(name)) {
                missing.add(name);
            }
        });
        if (!missing.isEmpty()) {
            String containers = Trees.objects(request.requireObject().path("spec"), "containers").stream()
                    .map(c -> c.path("name").asText())
                    .collect(Collectors.joining(","));
            throw ApiErrors.forbidden(
                    request.type().gvr(),
                    request.name(),
                    "failed quota: " + Trees.text(quota, "metadata", "name") + ": must specify "
                            + missing.stream()
                                    .sorted()
                                    .map(m -> m + " for: " + containers)
                                    .collect(Collectors.joining("; ")));
        }
    }

    private static void demand(AdmissionRequest request, ObjectNode quota, Map<String, BigDecimal> delta) {
        var hard = PodResources.quantities(Trees.at(quota, "spec", "hard"));
        var used = PodResources.quantities(Trees.at(quota, "status", "used"));
        var requested = new TreeMap<String, String>();
        var taken = new TreeMap<String, String>();
        var limited = new TreeMap<String, String>();
        delta.forEach((name, added) -> {
            BigDecimal now = used.getOrDefault(name, BigDecimal.ZERO);
            BigDecimal most = hard.getOrDefault(name, BigDecimal.ZERO);
            if (now.add(added).compareTo(most) > 0) {
                requested.put(name, Quantities.decimalForm(added));
                taken.put(name, Quantities.decimalForm(now));
                limited.put(name, Trees.at(quota, "spec", "hard").path(name).asText());
            }
        });
        if (!requested.isEmpty()) {
            throw ApiErrors.forbidden(
                    request.type().gvr(),
                    request.name(),
                    "exceeded quota: " + Trees.text(quota, "metadata", "name") + ", requested: " + show(requested)
                            + ", used: " + show(taken) + ", limited: " + show(limited));
        }
    }

    private static void add(ObjectNode quota, Map<String, BigDecimal> delta) {
        ObjectNode status = Trees.object(quota, "status");
        if (Trees.absent(status, "hard")) {
            status.set("hard", Trees.at(quota, "spec", "hard").deepCopy());
        }
        ObjectNode used = Trees.object(status, "used");
        delta.forEach((name, added) -> {
            BigDecimal now = used.has(name) ? Quantities.parse(used.path(name).asText()) : BigDecimal.ZERO;
            used.put(name, Quantities.decimalForm(now.add(added).max(BigDecimal.ZERO)));
        });
    }

    private static String show(Map<String, String> amounts) {
        return amounts.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(","));
    }
}
