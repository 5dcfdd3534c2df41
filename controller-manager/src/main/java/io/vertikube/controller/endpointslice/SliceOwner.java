package io.vertikube.controller.endpointslice;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.vertikube.controller.endpoints.ServicePods;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Owners;
import io.vertikube.object.Gvk;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose slices they are, and what each of them says about that in its metadata. Immutable.
 *
 * @param annotations all annotations of its slices; null leaves those that they have
 * @param keepsOne whether one slice stays even without endpoints
 */
record SliceOwner(
        HasMetadata object,
        Gvk kind,
        Map<String, String> labels,
        @Nullable Map<String, String> annotations,
        boolean keepsOne) {
    static final String OF_SERVICE = "endpointslice-controller.k8s.io";
    static final String MIRRORING = "endpointslicemirroring-controller.k8s.io";

    private static final Set<String> NOT_MIRRORED = Set.of(
            "endpoints.kubernetes.io/last-change-trigger-time", "kubectl.kubernetes.io/last-applied-configuration");

    /** Slices that follow the pods of a Service. */
    static SliceOwner of(Service service) {
        var labels = new HashMap<>(ServicePods.labels(service));
        labels.remove(ServicePods.HEADLESS_LABEL);
        if (ServicePods.headless(service)) {
            labels.put(ServicePods.HEADLESS_LABEL, "");
        }
        return new SliceOwner(service, new Gvk("", "v1", "Service"), managed(labels, service, OF_SERVICE), null, true);
    }

    /** Slices that repeat Endpoints which someone wrote by hand. */
    static SliceOwner of(Endpoints endpoints) {
        var annotations = new HashMap<>(Fields.map(endpoints.getMetadata().getAnnotations()));
        annotations.keySet().removeAll(NOT_MIRRORED);
        var labels = new HashMap<>(Fields.map(endpoints.getMetadata().getLabels()));
        return new SliceOwner(
                endpoints, new Gvk("", "v1", "Endpoints"), managed(labels, endpoints, MIRRORING), annotations, false);
    }

    private static Map<String, String> managed(Map<String, String> labels, HasMetadata object, String manager) {
        labels.put(SlicePlan.SERVICE_NAME, object.getMetadata().getName());
        labels.put(SlicePlan.MANAGED_BY, manager);
        return Map.copyOf(labels);
    }

    /** A slice without content, still to be named by the server. */
    EndpointSlice fresh(String addressType) {
        return new EndpointSliceBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withGenerateName(object.getMetadata().getName() + "-")
                        .withNamespace(object.getMetadata().getNamespace())
                        .withOwnerReferences(Owners.controllerReference(object, kind))
                        .build())
                .withAddressType(addressType)
                .build();
    }

    /** The slice with the labels and annotations that it should have. */
    EndpointSlice marked(EndpointSlice slice) {
        var metadata = new ObjectMetaBuilder(slice.getMetadata()).withLabels(labels);
        if (annotations != null) {
            metadata.withAnnotations(annotations);
        }
        return new EndpointSliceBuilder(slice).withMetadata(metadata.build()).build();
    }
}
