package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Carries out the plan of a pod that is meant to run, until it is at rest. Confined to the pod's worker. */
final class PodRun {

    private static final int MOST_STEPS = 50;

    private final PodTools tools;
    private final PodState state;
    private final PodVerdicts verdicts;
    private final PodVolumeCare volumes;
    private final PodResizing resizing;
    private final PodActions actions;
    private final HeldContainers held;
    private final BooleanSupplier endWanted;

    /** What the last look found, if it left nothing to do. */
    private Optional<RuntimePod> atRest = Optional.empty();

    /**
     * Makes one.
     *
     * @param endWanted turns true when the pod is to end; what is under way is finished, nothing new begun
     * @param endRequest why it is to end, if somebody on this machine wants it to
     */
    PodRun(
            PodTools tools,
            PodState state,
            BooleanSupplier endWanted,
            Supplier<Optional<PodWorker.EndRequest>> endRequest) {
        this.tools = tools;
        this.state = state;
        this.verdicts = new PodVerdicts(tools, state, endRequest);
        this.volumes = new PodVolumeCare(tools, state);
        this.resizing = new PodResizing(tools, state);
        this.actions = new PodActions(tools, state, resizing, endWanted);
        this.held = new HeldContainers(tools, state);
        this.endWanted = endWanted;
    }

    /**
     * Leads the pod on; answers when to look again.
     *
     * @param asked whether something other than time and the API brought this about
     */
    Duration lead(Pod wanted, boolean asked) throws InterruptedException, IOException {
        Optional<RuntimePod> same =
                atRest.filter(before -> !asked && tools.observer().hasJust(state.identity.uid(), before));
        atRest = Optional.empty();
        if (isOver(wanted)) {
            return tidy(wanted);
        }
        verdicts.note(wanted);
        if (state.end.isEmpty()) {
            volumes.refresh(wanted);
        }
        RuntimePod seen = RuntimePod.NOTHING;
        Optional<List<PodEffect.Made>> made = Optional.empty();
        for (int step = 0; step < MOST_STEPS && !endWanted.getAsBoolean(); step++) {
            seen = step == 0 && same.isPresent() ? same.get() : look(seen, made);
            state.readMessages(tools, seen);
            state.updateProbes(tools, wanted, seen);
            if (state.end.isPresent()) {
                return endFromOutside(wanted, seen);
            }
            Pod pod = resizing.granted(wanted, seen);
            PodPlan plan = plan(pod, seen);
            state.initialised |= plan.initialised();
            held.note(pod, seen, plan);
            state.publish(tools, pod, seen);
            List<PodEffect> effects = perform(pod, seen, plan);
            made = onlyMade(effects);
            if (effects.stream().allMatch(PodEffect.HELD::equals)) {
                if (plan.actions().isEmpty()) {
                    atRest = Optional.of(seen);
                } else {
                    state.publish(tools, pod, seen);
                }
                return plan.finished() ? tidy(pod) : untilNext(pod, plan);
            }
        }
        return Duration.ZERO;
    }

    private PodPlan plan(Pod pod, RuntimePod seen) {
        return PodPlan.of(new PodPlan.Input(
                pod,
                seen,
                tools.probes().outcomes(state.identity.uid()),
                Map.copyOf(state.backoffs),
                PodState.reportedRestarts(pod),
                tools.clock().instant(),
                tools.options().policies().collection().deadPerContainer(),
                actions.resizes(pod, seen)));
    }

    /** A look at all of the pod, or only at what was made since the last one. */
    private RuntimePod look(RuntimePod before, Optional<List<PodEffect.Made>> made) {
        long began = System.nanoTime();
        RuntimePod seen = made.map(parts -> tools.observer().observe(before, parts))
                .orElseGet(() ->
                        state.unmade ? RuntimePod.NOTHING : tools.observer().observe(state.identity.uid()));
        state.unmade = false;
        state.news.looked(began, seen.mark());
        return seen;
    }

    private List<PodEffect> perform(Pod pod, RuntimePod seen, PodPlan plan) throws InterruptedException {
        List<PodEffect> effects = new ArrayList<>();
        for (PodAction action : plan.actions()) {
            if (endWanted.getAsBoolean()) {
                break;
            }
            effects.add(actions.perform(pod, seen, action));
        }
        return effects;
    }

    /** What was made, if that is all that happened. */
    private static Optional<List<PodEffect.Made>> onlyMade(List<PodEffect> effects) {
        return effects.contains(PodEffect.MOVED)
                ? Optional.empty()
                : Optional.of(effects.stream()
                        .filter(PodEffect.Made.class::isInstance)
                        .map(PodEffect.Made.class::cast)
                        .toList());
    }

    private Duration endFromOutside(Pod pod, RuntimePod seen) throws InterruptedException {
        state.publish(tools, pod, seen);
        new PodEnding(tools, state).stopContainers(pod, seen, PodActions.grace(pod, state.endGrace));
        RuntimePod after = tools.observer().observe(state.identity.uid());
        stopSandboxes(after);
        state.readMessages(tools, after);
        state.waiting.clear();
        state.publish(tools, pod, tools.observer().observe(state.identity.uid()));
        return Duration.ZERO;
    }

    /** Nothing of it runs any more: what it held is given back; logs and containers stay until it is deleted. */
    private Duration tidy(Pod pod) throws IOException {
        RuntimePod seen = tools.observer().observe(state.identity.uid());
        stopSandboxes(seen);
        tools.probes().forget(state.identity.uid());
        tools.allocations().forget(state.identity.uid());
        state.readMessages(tools, seen);
        state.publish(tools, pod, seen);
        state.volumesReady = false;
        tools.volumes().tearDown(state.identity.uid());
        tools.cgroups().remove(state.identity.uid());
        tools.devices().forget(state.identity.uid());
        return Duration.ofHours(1);
    }

    private void stopSandboxes(RuntimePod seen) {
        for (var sandbox : seen.sandboxes()) {
            if (sandbox.ready()) {
                tools.runtime().stopSandbox(sandbox.id());
            }
        }
    }

    private boolean isOver(Pod pod) {
        String phase = state.before(tools, pod).getPhase();
        return "Succeeded".equals(phase) || "Failed".equals(phase);
    }

    private Duration untilNext(Pod pod, PodPlan plan) {
        var now = tools.clock().instant();
        Duration wait = tools.options().syncFrequency();
        wait = shorter(wait, plan.again().map(at -> Duration.between(now, at)));
        if (state.resize.pending().isPresent()) {
            // Another pod may have left meanwhile.
            wait = shorter(wait, Optional.of(PodActions.RESIZE_RETRY));
        }
        wait = shorter(wait, state.blocked.next().map(until -> Duration.between(now, until)));
        wait = shorter(wait, verdicts.untilDeadline(pod));
        return wait.isNegative() ? Duration.ZERO : wait.plusMillis(1);
    }

    private static Duration shorter(Duration a, Optional<Duration> b) {
        return b.filter(other -> other.compareTo(a) < 0).orElse(a);
    }
}
