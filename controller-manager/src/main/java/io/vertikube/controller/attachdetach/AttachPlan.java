package io.vertikube.controller.attachdetach;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Where one volume is to be attached and where no longer. A volume that one node alone may have stays with the node that has
 * it until it is detached there. Immutable.
 *
 * @param again when to look again though nothing changes
 */
record AttachPlan(List<Action> actions, Optional<Instant> again) {

    /** How long a node that is not Ready may keep a volume that it says it still uses. */
    static final Duration LONGEST_UNMOUNT = Duration.ofMinutes(6);

    /** One thing to do. */
    sealed interface Action {

        record Attach(String node) implements Action {}

        /** {@code forced}: the node has not said that it gave the volume back. */
        record Detach(String attachment, String node, boolean forced) implements Action {}

        /** A pod that cannot have the volume for now. */
        record Refuse(Pod pod, String message) implements Action {}
    }

    /** An attachment of the volume. */
    record Attachment(String name, String node, boolean leaving) {}

    /**
     * A node that has the volume, as far as detaching goes.
     *
     * @param inUse whether it says that it holds the volume
     * @param outOfService whether somebody has sworn that it is off
     */
    record NodeView(boolean inUse, boolean outOfService, boolean ready) {}

    /**
     * What is known of a volume.
     *
     * @param shared whether several nodes may have it at once
     * @param wanted pods that need it, by node
     * @param nodes the nodes there are
     * @param unwantedSince since when nobody on a node needs it, by attachment
     */
    record Input(
            String volume,
            boolean shared,
            Map<String, List<Pod>> wanted,
            List<Attachment> attachments,
            Map<String, NodeView> nodes,
            Map<String, Instant> unwantedSince,
            Instant now) {}

    AttachPlan {
        actions = List.copyOf(actions);
    }

    static AttachPlan of(Input input) {
        var actions = new ArrayList<Action>();
        var held = new TreeSet<String>();
        Optional<Instant> again = Optional.empty();
        for (Attachment attachment : input.attachments()) {
            held.add(attachment.node());
            if (attachment.leaving() || input.wanted().containsKey(attachment.node())) {
                continue;
            }
            NodeView node = input.nodes().get(attachment.node());
            boolean holds = node != null && node.inUse();
            if (node == null || !holds || node.outOfService()) {
                actions.add(new Action.Detach(attachment.name(), attachment.node(), holds));
            } else if (!node.ready()) {
                Instant until = input.unwantedSince()
                        .getOrDefault(attachment.name(), input.now())
                        .plus(LONGEST_UNMOUNT);
                if (!until.isAfter(input.now())) {
                    actions.add(new Action.Detach(attachment.name(), attachment.node(), true));
                } else if (again.isEmpty() || until.isBefore(again.get())) {
                    again = Optional.of(until);
                }
            }
        }
        for (String node : new TreeSet<>(input.wanted().keySet())) {
            if (held.contains(node)) {
                continue;
            }
            if (input.shared() || held.isEmpty()) {
                actions.add(new Action.Attach(node));
                held.add(node);
            } else {
                input.wanted()
                        .getOrDefault(node, List.of())
                        .forEach(pod -> actions.add(new Action.Refuse(pod, refusal(input, node, pod))));
            }
        }
        return new AttachPlan(actions, again);
    }

    private static String refusal(Input input, String node, Pod pod) {
        String own = pod.getMetadata().getNamespace();
        var here = new TreeSet<String>();
        int elsewhere = 0;
        for (var other : input.wanted().entrySet()) {
            if (!other.getKey().equals(node)) {
                for (Pod user : other.getValue()) {
                    if (user.getMetadata().getNamespace().equals(own)) {
                        here.add(user.getMetadata().getName());
                    } else {
                        elsewhere++;
                    }
                }
            }
        }
        String start = "Multi-Attach error for volume \"" + input.volume() + "\" Volume is already ";
        if (here.isEmpty() && elsewhere == 0) {
            return start + "exclusively attached to one node and can't be attached to another";
        }
        String others = elsewhere + " pod(s) in different namespaces";
        if (here.isEmpty()) {
            return start + "used by " + others;
        }
        return start + "used by pod(s) " + String.join(", ", here) + (elsewhere == 0 ? "" : " and " + others);
    }
}
