package io.vertikube.kubelet.env;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodDNSConfig;
import io.fabric8.kubernetes.api.model.PodDNSConfigOption;
import io.vertikube.kubelet.runtime.DnsConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A pod's resolver by its DNS policy ("Pod's DNS Policy" in the documentation). Pure functions. */
public final class PodDns {

    private static final int MAX_SERVERS = 3;
    private static final int MAX_SEARCHES = 32;

    private PodDns() {}

    /**
     * Decides what goes into resolv.conf.
     *
     * @param host the machine's own resolver, see {@link #parse}
     * @param clusterDns empty: pods that would ask the cluster ask the machine's servers
     */
    public static DnsConfig of(Pod pod, DnsConfig host, List<String> clusterDns, String clusterDomain) {
        String policy = pod.getSpec().getDnsPolicy() == null
                ? "ClusterFirst"
                : pod.getSpec().getDnsPolicy();
        boolean hostNetwork = Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
        boolean cluster = policy.equals("ClusterFirstWithHostNet") || (policy.equals("ClusterFirst") && !hostNetwork);
        DnsConfig base;
        if (policy.equals("None")) {
            base = new DnsConfig(List.of(), List.of(), List.of());
        } else if (cluster && !clusterDns.isEmpty()) {
            base = cluster(pod.getMetadata().getNamespace(), host, clusterDns, clusterDomain);
        } else {
            base = host;
        }
        return merge(base, pod.getSpec().getDnsConfig());
    }

    /** Reads a resolv.conf. */
    public static DnsConfig parse(String resolvConf) {
        List<String> servers = new ArrayList<>();
        List<String> searches = new ArrayList<>();
        List<String> options = new ArrayList<>();
        for (String line : resolvConf.lines().toList()) {
            String[] words = line.strip().split("\\s+");
            switch (words[0]) {
                case "nameserver" -> servers.addAll(rest(words));
                case "search" -> {
                    searches.clear();
                    searches.addAll(rest(words));
                }
                case "options" -> options.addAll(rest(words));
                default -> {}
            }
        }
        return new DnsConfig(servers, searches, options);
    }

    private static DnsConfig cluster(String namespace, DnsConfig host, List<String> servers, String domain) {
        Set<String> searches = new LinkedHashSet<>();
        if (!domain.isEmpty()) {
            searches.addAll(List.of(namespace + ".svc." + domain, "svc." + domain, domain));
        }
        searches.addAll(host.searches());
        return new DnsConfig(servers, List.copyOf(searches), List.of("ndots:5"));
    }

    private static DnsConfig merge(DnsConfig base, PodDNSConfig own) {
        if (own == null) {
            return base;
        }
        Set<String> servers = new LinkedHashSet<>(base.servers());
        servers.addAll(Optional.ofNullable(own.getNameservers()).orElse(List.of()));
        Set<String> searches = new LinkedHashSet<>(base.searches());
        searches.addAll(Optional.ofNullable(own.getSearches()).orElse(List.of()));
        List<String> options = new ArrayList<>(base.options());
        for (PodDNSConfigOption option : Optional.ofNullable(own.getOptions()).orElse(List.of())) {
            options.removeIf(other -> other.equals(option.getName()) || other.startsWith(option.getName() + ":"));
            String value = option.getValue();
            options.add(value == null || value.isEmpty() ? option.getName() : option.getName() + ":" + value);
        }
        return new DnsConfig(
                servers.stream().limit(MAX_SERVERS).toList(),
                searches.stream().limit(MAX_SEARCHES).toList(),
                options);
    }

    private static List<String> rest(String[] words) {
        return List.of(words).subList(1, words.length);
    }
}
