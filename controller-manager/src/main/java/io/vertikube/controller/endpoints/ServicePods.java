package io.vertikube.controller.endpoints;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.vertikube.cache.Informer;
import io.vertikube.controller.workload.Fields;
import io.vertikube.object.ObjectKey;
import io.vertikube.value.Selectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a Service makes of a pod: its addresses, its ports, its names. Pure but for reading informers. */
public final class ServicePods {
    public static final String HEADLESS_LABEL = "service.kubernetes.io/headless";

    private ServicePods() {}

    /** Whether the controllers find this Service's endpoints, rather than whoever made it. */
    public static boolean selectsPods(Service service) {
        return service.getSpec() != null
                && !Fields.map(service.getSpec().getSelector()).isEmpty()
                && !"ExternalName".equals(service.getSpec().getType());
    }

    public static boolean headless(Service service) {
        return "None".equals(service.getSpec().getClusterIP());
    }

    public static boolean selects(Service service, Pod pod) {
        return selectsPods(service)
                && Selectors.labels(service.getSpec().getSelector())
                        .matches(Fields.map(pod.getMetadata().getLabels()));
    }

    public static List<Pod> of(Service service, Informer<Pod> pods) {
        var selector = Selectors.labels(service.getSpec().getSelector());
        return pods.list(service.getMetadata().getNamespace()).stream()
                .filter(pod -> selector.matches(Fields.map(pod.getMetadata().getLabels())))
                .toList();
    }

    /** The pod's addresses, the primary one first; none until it has been given one. */
    public static List<String> addresses(Pod pod) {
        if (pod.getStatus() == null) {
            return List.of();
        }
        var addresses = new ArrayList<String>();
        for (PodIP ip : Fields.list(pod.getStatus().getPodIPs())) {
            if (!Fields.text(ip.getIp()).isEmpty()) {
                addresses.add(ip.getIp());
            }
        }
        String primary = Fields.text(pod.getStatus().getPodIP());
        if (addresses.isEmpty() && !primary.isEmpty()) {
            addresses.add(primary);
        }
        return addresses;
    }

    /** The pod's port behind a Service port; absent when the name is none of the pod's ports. */
    public static Optional<Integer> targetPort(Pod pod, ServicePort port) {
        IntOrString target = port.getTargetPort();
        if (target == null) {
            return Optional.ofNullable(port.getPort());
        }
        if (target.getIntVal() != null) {
            int number = target.getIntVal();
            return number == 0 ? Optional.ofNullable(port.getPort()) : Optional.of(number);
        }
        String protocol = protocol(port.getProtocol());
        var containers = new ArrayList<Container>();
        for (Container container : Fields.list(pod.getSpec().getInitContainers())) {
            if ("Always".equals(container.getRestartPolicy())) {
                containers.add(container);
            }
        }
        containers.addAll(Fields.list(pod.getSpec().getContainers()));
        for (Container container : containers) {
            for (ContainerPort offered : Fields.list(container.getPorts())) {
                if (Objects.equals(target.getStrVal(), offered.getName())
                        && protocol.equals(protocol(offered.getProtocol()))) {
                    return Optional.ofNullable(offered.getContainerPort());
                }
            }
        }
        return Optional.empty();
    }

    public static String protocol(@Nullable String protocol) {
        return protocol == null || protocol.isEmpty() ? "TCP" : protocol;
    }

    public static ObjectReference reference(Pod pod) {
        return new ObjectReferenceBuilder()
                .withKind("Pod")
                .withNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .build();
    }

    /** The name under which the pod is found below the Service's, if it asks for one. */
    public static @Nullable String hostname(Pod pod, Service service) {
        String hostname = Fields.text(pod.getSpec().getHostname());
        boolean below = service.getMetadata().getName().equals(pod.getSpec().getSubdomain());
        return below && !hostname.isEmpty() ? hostname : null;
    }

    /** Whether a change of a pod can change what stands behind a Service. */
    public static boolean matters(@Nullable Pod before, @Nullable Pod after) {
        if (before == null || after == null) {
            return true;
        }
        return !Objects.equals(
                        before.getMetadata().getLabels(), after.getMetadata().getLabels())
                || !Objects.equals(
                        before.getMetadata().getDeletionTimestamp(),
                        after.getMetadata().getDeletionTimestamp())
                || !addresses(before).equals(addresses(after))
                || !Objects.equals(
                        before.getSpec().getNodeName(), after.getSpec().getNodeName())
                || io.vertikube.controller.workload.Pods.readinessChanged(before, after)
                || !io.vertikube.controller.workload.Pods.phase(before)
                        .equals(io.vertikube.controller.workload.Pods.phase(after));
    }

    /** Tells which Services a change of a pod concerns. */
    public static void servicesOf(
            Informer<Service> services, @Nullable Pod before, @Nullable Pod after, Consumer<ObjectKey> enqueue) {
        Pod any = after == null ? before : after;
        if (any == null || !matters(before, after)) {
            return;
        }
        for (Service service : services.list(any.getMetadata().getNamespace())) {
            boolean concerned =
                    (before != null && selects(service, before)) || (after != null && selects(service, after));
            if (concerned) {
                enqueue.accept(ObjectKey.of(service));
            }
        }
    }

    /** The Service's labels as its endpoints carry them. */
    public static Map<String, String> labels(HasMetadata service) {
        return Fields.map(service.getMetadata().getLabels());
    }
}
