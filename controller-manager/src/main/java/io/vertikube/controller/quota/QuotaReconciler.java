package io.vertikube.controller.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.Service;
import io.vertikube.cache.Informer;
import io.vertikube.catalog.ResourceType;
import io.vertikube.client.ApiClient;
import io.vertikube.control.Controller;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.quota.QuotaPlan.Counted;
import io.vertikube.controller.workload.Pods;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import io.vertikube.object.ObjectKey;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Counts one quota anew. The quota is read first and written on that revision, and everything is read from the server, so
 * that what admission charges meanwhile is never lost; what it charged a moment before is not, see {@link Doubts}. Keys are quotas.
 */
public final class QuotaReconciler implements Reconciler {

    /** Kinds that are watched anyway tell when something is gone; the others are counted this often. */
    private static final Duration UNWATCHED = Duration.ofSeconds(5);

    private static final Duration RESYNC = Duration.ofMinutes(5);

    /** Many deletes at once are one count. */
    private static final Duration TOGETHER = Duration.ofMillis(250);

    private static final int PAGE = 500;

    private final ApiClient client;
    private final Informer<ResourceQuota> quotas;
    private final ServedTypes types;
    private final Doubts doubts;

    QuotaReconciler(ControllerContext context) {
        this.client = context.client();
        this.quotas = context.informer(ResourceQuota.class);
        this.types = new ServedTypes(client);
        this.doubts = new Doubts(context.clock());
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var reconciler = new QuotaReconciler(context);
        Controller queue = context.queue("resourcequota-controller", workers, reconciler);
        reconciler.quotas.onChange((before, after) -> {
            if (after != null) {
                queue.enqueue(ObjectKey.of(after));
            }
        });
        context.informer(Pod.class).onChange((before, after) -> {
            if (before != null && (after == null || Pods.finished(before) != Pods.finished(after))) {
                reconciler.wake(before, queue);
            }
        });
        reconciler.onDelete(context.informer(Service.class), queue);
        reconciler.onDelete(context.informer(PersistentVolumeClaim.class), queue);
        return ManagedController.of(queue);
    }

    private <T extends HasMetadata> void onDelete(Informer<T> informer, Controller queue) {
        informer.onChange((before, after) -> {
            if (before != null && after == null) {
                wake(before, queue);
            }
        });
    }

    private void wake(HasMetadata object, Controller queue) {
        for (ResourceQuota quota : quotas.list(object.getMetadata().getNamespace())) {
            queue.enqueueAfter(ObjectKey.of(quota), TOGETHER);
        }
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        String path = "/api/v1/namespaces/" + key.namespace() + "/resourcequotas/" + key.name();
        ObjectNode quota;
        try {
            quota = (ObjectNode) Json.tree(client.raw("GET", path, null, null));
        } catch (ApiException refused) {
            if (refused.isNotFound()) {
                doubts.forget(key);
                return Outcome.done();
            }
            throw refused;
        }
        JsonNode spec = quota.path("spec");
        Set<Counted> counted = new LinkedHashSet<>();
        spec.path("hard")
                .fieldNames()
                .forEachRemaining(name -> QuotaPlan.behind(name).ifPresent(counted::add));
        Map<String, BigDecimal> sums = new HashMap<>();
        for (Counted kind : counted) {
            sums.putAll(count(kind, key.namespace(), spec));
        }
        Map<String, String> used = QuotaPlan.used(spec.path("hard"), sums);
        String revision = quota.path("metadata").path("resourceVersion").asText();
        Optional<Duration> doubted =
                doubts.of(key, revision, quota.path("status").path("used"), used);
        if (doubted.isPresent()) {
            return Outcome.again(doubted.get());
        }
        write(path, quota, used);
        return Outcome.again(counted.stream().allMatch(Counted::measured) ? RESYNC : UNWATCHED);
    }

    private void write(String path, ObjectNode quota, Map<String, String> used) {
        JsonNode status = quota.path("status");
        JsonNode hard = quota.path("spec").path("hard");
        JsonNode wanted = Json.mapper().valueToTree(used);
        if (!status.path("hard").equals(hard) || !status.path("used").equals(wanted)) {
            ObjectNode next = quota.putObject("status");
            next.set("hard", hard);
            next.set("used", wanted);
            client.raw("PUT", path + "/status", "application/json", Json.bytes(quota));
        }
    }

    private Map<String, BigDecimal> count(Counted kind, String namespace, JsonNode spec) {
        Optional<ResourceType> type = types.find(kind.group(), kind.plural());
        if (type.isEmpty() || !type.get().namespaced()) {
            return Map.of();
        }
        String path = type.get().apiPath() + "/namespaces/" + namespace + "/" + kind.plural();
        if (kind.measured()) {
            return QuotaPlan.sum(kind, spec, all(path));
        }
        boolean scoped = !spec.path("scopes").isEmpty() || spec.has("scopeSelector");
        BigDecimal number = scoped ? BigDecimal.ZERO : BigDecimal.valueOf(number(path));
        return Map.of(kind.name(), number, kind.plural(), number);
    }

    /** How many there are, from a list of one. */
    private long number(String path) {
        JsonNode list = Json.tree(client.raw("GET", path + "?limit=1", null, null));
        return list.path("items").size()
                + list.path("metadata").path("remainingItemCount").asLong(0);
    }

    private List<JsonNode> all(String path) {
        var all = new ArrayList<JsonNode>();
        String page = path + "?limit=" + PAGE;
        for (String next = ""; ; ) {
            JsonNode list =
                    Json.tree(client.raw("GET", next.isEmpty() ? page : page + "&continue=" + next, null, null));
            list.path("items").forEach(all::add);
            next = list.path("metadata").path("continue").asText("");
            if (next.isEmpty()) {
                return all;
            }
        }
    }
}
