package io.vertikube.kubelet.resize;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Whether a pod may have other resources now. Pure functions. */
public final class ResizePlan {

    /** CPU in thousandths and memory in bytes. Immutable. */
    public record Room(long cpu, long memory) {}

    /** Why a resize is not granted. Immutable. */
    public record Pending(String reason, String message) {}

    private ResizePlan() {}

    /**
     * Empty when it may have them.
     *
     * @param wanted by container of the pod
     * @param granted what it has, by container
     * @param others what all other pods of the node were granted
     * @param node what pods can have in all
     */
    public static Optional<Pending> of(
            Map<String, Amounts> wanted, Map<String, Amounts> granted, Room others, Room node, boolean isStatic) {
        if (isStatic) {
            return Optional.of(new Pending("Infeasible", "In-place resize of static-pods is not supported"));
        }
        Room asked = sum(wanted.values());
        Room had = sum(granted.values());
        return check("cpu", asked.cpu(), had.cpu(), others.cpu(), node.cpu())
                .or(() -> check("memory", asked.memory(), had.memory(), others.memory(), node.memory()));
    }

    /** What is not more than before always fits. */
    private static Optional<Pending> check(String resource, long asked, long had, long others, long node) {
        if (asked <= had) {
            return Optional.empty();
        }
        if (asked > node) {
            return Optional.of(new Pending(
                    "Infeasible",
                    "Node didn't have enough capacity: " + resource + ", requested: " + asked + ", capacity: " + node));
        }
        if (asked + others > node) {
            return Optional.of(new Pending(
                    "Deferred",
                    "Node didn't have enough resource: " + resource + ", requested: " + asked + ", used: " + others
                            + ", capacity: " + node));
        }
        return Optional.empty();
    }

    static Room sum(Collection<Amounts> amounts) {
        return new Room(
                amounts.stream().mapToLong(Amounts::cpuRequest).sum(),
                amounts.stream().mapToLong(Amounts::memoryRequest).sum());
    }
}
