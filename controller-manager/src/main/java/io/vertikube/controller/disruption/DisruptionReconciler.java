package io.vertikube.controller.disruption;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetStatus;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Same;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import io.vertikube.value.Selectors;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the status of one budget. Keys are budgets; a budget is looked at whenever one of its pods changes. */
public final class DisruptionReconciler implements Reconciler {

    /** How soon a budget is looked at again whose controllers could not say how many pods they want. */
    private static final Duration RETRY = Duration.ofSeconds(30);

    private final Informer<PodDisruptionBudget> budgets;
    private final Informer<Pod> pods;
    private final TypedClient<PodDisruptionBudget> client;
    private final WantedPods wantedPods;
    private final EventRecorder events;
    private final InstantSource clock;

    DisruptionReconciler(ControllerContext context) {
        this.budgets = context.informer(PodDisruptionBudget.class);
        this.pods = context.informer(Pod.class);
        this.client = context.client().of(PodDisruptionBudget.class);
        this.wantedPods = new WantedPods(context);
        this.events = context.events("controllermanager");
        this.clock = context.clock();
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var reconciler = new DisruptionReconciler(context);
        Controller queue = context.queue("disruption-controller", workers, reconciler);
        reconciler.budgets.onChange((before, after) -> {
            if (after != null) {
                queue.enqueue(ObjectKey.of(after));
            }
        });
        reconciler.pods.onChange((before, after) -> {
            reconciler.enqueueBudgets(before, queue);
            reconciler.enqueueBudgets(after, queue);
        });
        Controller stale = context.queue("disruption-controller-stale", 1, new StaleTargets(context));
        reconciler.pods.onChange((before, after) -> {
            if (after != null && StaleTargets.concerns(after)) {
                stale.enqueue(ObjectKey.of(after));
            }
        });
        return ManagedController.of(queue, stale);
    }

    private void enqueueBudgets(@Nullable Pod pod, Controller queue) {
        if (pod != null) {
            for (PodDisruptionBudget budget : budgets.list(pod.getMetadata().getNamespace())) {
                if (selects(budget, pod)) {
                    queue.enqueue(ObjectKey.of(budget));
                }
            }
        }
    }

    private static boolean selects(PodDisruptionBudget budget, Pod pod) {
        return budget.getSpec() != null
                && budget.getSpec().getSelector() != null
                && Selectors.labels(budget.getSpec().getSelector())
                        .matches(Fields.map(pod.getMetadata().getLabels()));
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<PodDisruptionBudget> found = budgets.get(key);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        PodDisruptionBudget budget = found.get();
        Instant now = clock.instant();
        List<Pod> selected = pods.list(key.namespace()).stream()
                .filter(pod -> selects(budget, pod))
                .toList();
        if (selected.isEmpty()) {
            events.normal(budget, "NoPods", "No matching pods found");
        }
        int wanted = 0;
        if (BudgetPlan.asksControllers(budget) && !selected.isEmpty()) {
            try {
                wanted = wanted(budget, selected);
            } catch (WantedPods.NoScale e) {
                String why = String.valueOf(e.getMessage());
                events.warning(
                        budget,
                        "CalculateExpectedPodCountFailed",
                        "Failed to calculate the number of expected" + " pods: " + why);
                write(budget, BudgetPlan.failed(budget, why, now));
                return Outcome.again(RETRY);
            }
        }
        BudgetPlan plan = BudgetPlan.of(budget, selected, wanted, now);
        for (Pod pod : plan.notDeleted()) {
            events.warning(
                    pod,
                    "NotDeleted",
                    "Pod was expected by PDB " + key.namespace() + "/" + key.name() + " to be deleted but it wasn't");
        }
        write(budget, plan.status());
        return plan.lookAgain().map(Outcome::again).orElseGet(Outcome::done);
    }

    private int wanted(PodDisruptionBudget budget, List<Pod> selected) {
        WantedPods.Answer answer = wantedPods.of(selected);
        if (!answer.unmanaged().isEmpty()) {
            events.warning(
                    budget,
                    "UnmanagedPods",
                    "Pods selected by this PodDisruptionBudget (selector: "
                            + Selectors.labels(budget.getSpec().getSelector())
                            + ") were found to be unmanaged. As a result, the status of the PDB cannot be calculated"
                            + " correctly, which may result in undefined behavior. To account for these pods please set"
                            + " \".spec.minAvailable\" field of the PDB to an integer value.");
        }
        return answer.count();
    }

    private void write(PodDisruptionBudget budget, PodDisruptionBudgetStatus status) {
        if (Same.meaning(status, budget.getStatus())) {
            return;
        }
        try {
            client.updateStatus(
                    new PodDisruptionBudgetBuilder(budget).withStatus(status).build());
        } catch (ApiException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
        }
    }
}
