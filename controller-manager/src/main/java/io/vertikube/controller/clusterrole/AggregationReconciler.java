package io.vertikube.controller.clusterrole;

import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.workload.Fields;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import java.util.List;
import java.util.Optional;

/** Keeps the rules of one aggregated cluster role. Keys are aggregated roles; each is looked at when any role changes. */
public final class AggregationReconciler implements Reconciler {

    private final Informer<ClusterRole> roles;
    private final TypedClient<ClusterRole> client;

    AggregationReconciler(ControllerContext context) {
        this.roles = context.informer(ClusterRole.class);
        this.client = context.client().of(ClusterRole.class);
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var reconciler = new AggregationReconciler(context);
        Controller queue = context.queue("clusterrole-aggregation-controller", workers, reconciler);
        reconciler.roles.onChange((before, after) -> {
            for (ClusterRole role : reconciler.roles.list()) {
                if (AggregationPlan.aggregates(role)) {
                    queue.enqueue(ObjectKey.of(role));
                }
            }
        });
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<ClusterRole> found = roles.get(key).filter(AggregationPlan::aggregates);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        ClusterRole role = found.get();
        List<PolicyRule> wanted = AggregationPlan.rules(role, roles.list());
        if (!wanted.equals(Fields.list(role.getRules()))) {
            try {
                client.update(new ClusterRoleBuilder(role).withRules(wanted).build());
            } catch (ApiException refused) {
                if (!refused.isNotFound()) {
                    throw refused;
                }
            }
        }
        return Outcome.done();
    }
}
