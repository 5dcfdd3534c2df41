package io.vertikube.proxy.rules;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.SessionAffinityConfig;
import java.util.List;

/**
 * What stands behind one port of a Service. Immutable.
 *
 * @param id namespace/service/port, usable in names of nftables objects
 * @param protocol lower case
 * @param everywhere the endpoints in use
 * @param here those of them in use when only this node's count
 * @param insideHereOnly internal traffic policy Local
 * @param outsideHereOnly external traffic policy Local
 * @param stickySeconds 0 without session affinity
 */
record ServiceTarget(
        String id,
        String protocol,
        int port,
        List<Backend> everywhere,
        List<Backend> here,
        boolean insideHereOnly,
        boolean outsideHereOnly,
        int stickySeconds) {

    private static final int DEFAULT_STICKY_SECONDS = 10_800;

    static ServiceTarget of(Service service, ServicePort port, List<Backend> all) {
        String protocol = Backends.protocol(port.getProtocol());
        String portName =
                port.getName() == null || port.getName().isEmpty() ? protocol + port.getPort() : port.getName();
        return new ServiceTarget(
                service.getMetadata().getNamespace() + "/"
                        + service.getMetadata().getName() + "/" + portName,
                protocol,
                port.getPort(),
                Backends.close(Backends.usable(all)),
                Backends.usable(Backends.local(all)),
                "Local".equals(service.getSpec().getInternalTrafficPolicy()),
                "Local".equals(service.getSpec().getExternalTrafficPolicy()),
                stickySeconds(service));
    }

    boolean sticky() {
        return stickySeconds > 0;
    }

    /** The key under which the Service maps have it at an address. */
    String keyAt(String address) {
        return address + " . " + protocol + " . " + port;
    }

    private static int stickySeconds(Service service) {
        if (!"ClientIP".equals(service.getSpec().getSessionAffinity())) {
            return 0;
        }
        SessionAffinityConfig config = service.getSpec().getSessionAffinityConfig();
        Integer seconds = config == null || config.getClientIP() == null
                ? null
                : config.getClientIP().getTimeoutSeconds();
        return seconds == null ? DEFAULT_STICKY_SECONDS : seconds;
    }
}
