package io.vertikube.kubelet.volume;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.vertikube.value.PodContainers;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * What an {@code emptyDir} lies on ("emptyDir" and "Manage HugePages" in the documentation). Pure.
 */
public final class EmptyDirMedium {
    static final String MEMORY = "Memory";

    private static final String PAGES = "HugePages";
    private static final String RESOURCE = "hugepages-";

    private EmptyDirMedium() {}

    /** Whether it takes from the node's disk. */
    public static boolean onDisk(EmptyDirVolumeSource source) {
        return medium(source).isEmpty();
    }

    static String medium(EmptyDirVolumeSource source) {
        return Objects.requireNonNullElse(source.getMedium(), "");
    }

    static boolean onPages(EmptyDirVolumeSource source) {
        return medium(source).equals(PAGES) || medium(source).startsWith(PAGES + "-");
    }

    /**
     * The size of its pages, such as {@code 2Mi}: that which it names, or the only one that the pod's containers use.
     *
     * @throws VolumeFailure if the pod's containers use none, another, or several where none is named
     */
    static String pageSize(EmptyDirVolumeSource source, Pod pod) {
        String named = medium(source)
                .substring(Math.min(PAGES.length() + 1, medium(source).length()));
        var used = new TreeSet<String>();
        PodContainers.all(pod.getSpec()).stream()
                .map(Container::getResources)
                .filter(Objects::nonNull)
                .map(ResourceRequirements::getLimits)
                .filter(Objects::nonNull)
                .map(Map::keySet)
                .forEach(names -> names.stream()
                        .filter(name -> name.startsWith(RESOURCE))
                        .forEach(name -> used.add(name.substring(RESOURCE.length()))));
        if (named.isEmpty() && used.size() == 1) {
            return used.first();
        }
        if (!named.isEmpty() && used.contains(named)) {
            return named;
        }
        throw new VolumeFailure("emptyDir medium \"" + medium(source) + "\": "
                + (used.isEmpty()
                        ? "no container of the pod has a limit of huge pages"
                        : named.isEmpty()
                                ? "the pod's containers use pages of several sizes " + used
                                        + ", so the medium must name one, as in " + PAGES + "-" + used.first()
                                : "the pod's containers use pages of " + used));
    }
}
