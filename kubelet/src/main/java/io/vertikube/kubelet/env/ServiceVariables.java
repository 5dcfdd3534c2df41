package io.vertikube.kubelet.env;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The variables that name Services, {@code REDIS_SERVICE_HOST} and their like ("Discovering services" in the
 * documentation). Pure functions.
 */
public final class ServiceVariables {

    private ServiceVariables() {}

    /**
     * Variables for the Services of a namespace, and always those of {@code default/kubernetes}.
     *
     * @param links whether the namespace's own Services are wanted (enableServiceLinks)
     */
    public static Map<String, String> of(Collection<Service> services, String namespace, boolean links) {
        Map<String, String> result = new LinkedHashMap<>();
        services.stream()
                .filter(service -> hasAddress(service) && wanted(service, namespace, links))
                // A Service named kubernetes of the pod's own namespace wins over the API server's.
                .sorted(Comparator.comparing((Service service) ->
                                service.getMetadata().getNamespace().equals(namespace))
                        .thenComparing(service -> service.getMetadata().getName()))
                .forEach(service -> add(result, service));
        return result;
    }

    private static boolean wanted(Service service, String namespace, boolean links) {
        String own = service.getMetadata().getNamespace();
        boolean master =
                own.equals("default") && service.getMetadata().getName().equals("kubernetes");
        return master || (links && own.equals(namespace));
    }

    private static boolean hasAddress(Service service) {
        String ip = service.getSpec() == null ? null : service.getSpec().getClusterIP();
        return ip != null
                && !ip.isEmpty()
                && !ip.equals("None")
                && !service.getSpec().getPorts().isEmpty();
    }

    private static void add(Map<String, String> result, Service service) {
        String name = variable(service.getMetadata().getName());
        String ip = service.getSpec().getClusterIP();
        List<ServicePort> ports = service.getSpec().getPorts();
        result.put(name + "_SERVICE_HOST", ip);
        result.put(name + "_SERVICE_PORT", ports.getFirst().getPort().toString());
        for (ServicePort port : ports) {
            if (port.getName() != null && !port.getName().isEmpty()) {
                result.put(
                        name + "_SERVICE_PORT_" + variable(port.getName()),
                        port.getPort().toString());
            }
        }
        String bracketed = ip.contains(":") ? "[" + ip + "]" : ip;
        for (int i = 0; i < ports.size(); i++) {
            ServicePort port = ports.get(i);
            String protocol = port.getProtocol() == null ? "TCP" : port.getProtocol();
            String url = protocol.toLowerCase(Locale.ROOT) + "://" + bracketed + ":" + port.getPort();
            if (i == 0) {
                result.put(name + "_PORT", url);
            }
            String prefix = name + "_PORT_" + port.getPort() + "_" + protocol.toUpperCase(Locale.ROOT);
            result.put(prefix, url);
            result.put(prefix + "_PROTO", protocol.toLowerCase(Locale.ROOT));
            result.put(prefix + "_PORT", port.getPort().toString());
            result.put(prefix + "_ADDR", ip);
        }
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
