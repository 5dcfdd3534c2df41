package io.vertikube.controller.endpointslice;

import io.fabric8.kubernetes.api.model.Service;
import io.vertikube.controller.workload.Fields;
import java.util.List;

/** Address families by the names that slices and Services give them: {@code IPv4} and {@code IPv6}. Pure. */
public final class Families {
    private Families() {}

    /** The families of a Service. */
    public static List<String> of(Service service) {
        List<String> families = Fields.list(service.getSpec().getIpFamilies());
        if (!families.isEmpty()) {
            return families;
        }
        String clusterIp = Fields.text(service.getSpec().getClusterIP());
        return List.of(clusterIp.isEmpty() ? "IPv4" : family(clusterIp));
    }

    public static String family(String address) {
        return address.indexOf(':') >= 0 ? "IPv6" : "IPv4";
    }
}
