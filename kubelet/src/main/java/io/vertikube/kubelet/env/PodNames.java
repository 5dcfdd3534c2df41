package io.vertikube.kubelet.env;

import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;

/** A pod's host name and its hosts file ("DNS for Services and Pods"). Pure functions. */
public final class PodNames {

    private static final int LONGEST = 63;

    private PodNames() {}

    /** What {@code hostname} prints inside, at most 63 characters, or what takes its place, which may be a longer name. */
    public static String hostname(Pod pod) {
        if (isOverridden(pod)) {
            return pod.getSpec().getHostnameOverride();
        }
        String wanted = pod.getSpec().getHostname();
        String name = wanted == null || wanted.isEmpty() ? pod.getMetadata().getName() : wanted;
        if (name.length() <= LONGEST) {
            return name;
        }
        String cut = name.substring(0, LONGEST);
        while (cut.endsWith("-") || cut.endsWith(".")) {
            cut = cut.substring(0, cut.length() - 1);
        }
        return cut;
    }

    private static boolean isOverridden(Pod pod) {
        String override = pod.getSpec().getHostnameOverride();
        return override != null && !override.isEmpty();
    }

    /** The pod's fully qualified name; empty without a subdomain, and if another name takes the place of the pod's. */
    public static Optional<String> qualified(Pod pod, String clusterDomain) {
        String subdomain = pod.getSpec().getSubdomain();
        return subdomain == null || subdomain.isEmpty() || isOverridden(pod)
                ? Optional.empty()
                : Optional.of(hostname(pod) + "." + subdomain + "."
                        + pod.getMetadata().getNamespace() + ".svc." + clusterDomain);
    }

    /**
     * The hosts file of a pod.
     *
     * @param hostFile the machine's own, for pods on the machine's network; empty for others
     */
    public static String hostsFile(Pod pod, List<String> podIps, String clusterDomain, Optional<String> hostFile) {
        var text = new StringBuilder();
        if (hostFile.isPresent()) {
            text.append("# Kubernetes-managed hosts file (host network).\n").append(hostFile.get());
        } else {
            text.append("# Kubernetes-managed hosts file.\n")
                    .append("127.0.0.1\tlocalhost\n")
                    .append("::1\tlocalhost ip6-localhost ip6-loopback\n")
                    .append("fe00::0\tip6-localnet\n")
                    .append("fe00::0\tip6-mcastprefix\n")
                    .append("fe00::1\tip6-allnodes\n")
                    .append("fe00::2\tip6-allrouters\n");
            Optional<String> qualified = qualified(pod, clusterDomain);
            for (String ip : podIps) {
                text.append(ip).append('\t');
                qualified.ifPresent(name -> text.append(name).append('\t'));
                text.append(hostname(pod)).append('\n');
            }
        }
        List<HostAlias> aliases =
                Optional.ofNullable(pod.getSpec().getHostAliases()).orElse(List.of());
        if (!aliases.isEmpty()) {
            text.append("\n# Entries added by HostAliases.\n");
            for (HostAlias alias : aliases) {
                text.append(alias.getIp())
                        .append('\t')
                        .append(String.join("\t", alias.getHostnames()))
                        .append('\n');
            }
        }
        return text.toString();
    }
}
