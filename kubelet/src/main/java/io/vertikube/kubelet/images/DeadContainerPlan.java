package io.vertikube.kubelet.images;

import io.vertikube.kubelet.runtime.Container;
import io.vertikube.kubelet.runtime.ContainerState;
import io.vertikube.kubelet.runtime.Labels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Which ended containers go. The newest of each container of a pod that still runs stays always: it is what the pod's
 * status and its next start are made from. Pure functions.
 */
public final class DeadContainerPlan {

    private DeadContainerPlan() {}

    /**
     * Containers to remove, oldest first.
     *
     * @param containers all of the machine
     * @param over whether the pod of a uid will run nothing any more
     */
    public static List<Container> of(
            CollectionOptions options, List<Container> containers, Predicate<String> over, Instant now) {
        List<Container> going = new ArrayList<>();
        List<Container> mayGo = new ArrayList<>();
        int kept = 0;
        for (List<Container> same : byContainer(containers).values()) {
            for (int i = 0; i < same.size(); i++) {
                Container container = same.get(i);
                boolean old =
                        !container.createdAt().plus(options.minimumDeadAge()).isAfter(now);
                if (!isDead(container)) {
                    continue;
                }
                if (old && i > options.deadPerContainer() && options.deadPerContainer() >= 0) {
                    going.add(container);
                    continue;
                }
                kept++;
                if (old && (i > 0 || over.test(uid(container)))) {
                    mayGo.add(container);
                }
            }
        }
        if (options.deadInAll() >= 0 && kept > options.deadInAll()) {
            mayGo.stream()
                    .sorted(Comparator.comparing(Container::createdAt))
                    .limit((long) kept - options.deadInAll())
                    .forEach(going::add);
        }
        return sorted(going);
    }

    /** All that nobody needs, logs or not: for a disk that is full. */
    public static List<Container> all(List<Container> containers, Predicate<String> over) {
        List<Container> going = new ArrayList<>();
        for (List<Container> same : byContainer(containers).values()) {
            for (int i = 0; i < same.size(); i++) {
                if (isDead(same.get(i)) && (i > 0 || over.test(uid(same.get(i))))) {
                    going.add(same.get(i));
                }
            }
        }
        return sorted(going);
    }

    private static List<Container> sorted(List<Container> going) {
        return going.stream().sorted(Comparator.comparing(Container::createdAt)).toList();
    }

    /** Containers of pods, those of one name together, newest first; what is no pod's is nobody's business here. */
    private static Map<String, List<Container>> byContainer(List<Container> containers) {
        Map<String, List<Container>> result = new LinkedHashMap<>();
        containers.stream()
                .filter(container -> container.labels().containsKey(Labels.POD_UID))
                .sorted(Comparator.comparing(Container::createdAt).reversed())
                .forEach(container -> result.computeIfAbsent(
                                uid(container) + "/" + container.name(), key -> new ArrayList<>())
                        .add(container));
        return result;
    }

    private static boolean isDead(Container container) {
        return container.state() == ContainerState.EXITED || container.state() == ContainerState.UNKNOWN;
    }

    private static String uid(Container container) {
        return container.labels().getOrDefault(Labels.POD_UID, "");
    }
}
