package io.vertikube.kubelet.probe;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import java.util.Objects;

/** A running container to ask. Immutable. */
public record ProbeTarget(String containerId, Container container, String podIp) {

    /** A port by number or by name; an unknown name is an {@link IllegalArgumentException}. */
    public int port(IntOrString port) {
        Integer number = port.getIntVal();
        if (number != null) {
            return number;
        }
        String name = port.getStrVal();
        for (ContainerPort candidate : Objects.requireNonNullElse(container.getPorts(), List.<ContainerPort>of())) {
            if (name.equals(candidate.getName())) {
                return candidate.getContainerPort();
            }
        }
        try {
            return Integer.parseInt(name);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "container " + container.getName() + " has no port named \"" + name + "\"", e);
        }
    }
}
