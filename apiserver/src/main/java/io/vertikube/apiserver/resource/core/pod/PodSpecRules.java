package io.vertikube.apiserver.resource.core.pod;

import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Cidr;
import io.vertikube.value.Names;
import java.util.List;

/** A pod's spec, in a pod or in a template. Pure. */
public final class PodSpecRules {

    private static final List<String> DNS_POLICIES =
            List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
    private static final int MAX_NAMESERVERS = 3;
    private static final int MAX_SEARCHES = 32;
    private static final int MAX_HOSTNAME = 64;

    private PodSpecRules() {}

    public static void validate(Place spec, Problems problems) {
        var volumes = VolumeRules.validate(spec, problems);
        new ContainerRules(spec, volumes, problems).validate();
        ClaimRules.validate(spec, problems);
        PodResourceRules.validate(spec, problems);
        restartPolicy(spec.get("restartPolicy"), problems);
        dns(spec, problems);
        names(spec, problems);
        SecurityRules.pod(spec, problems);
        for (Place secret : spec.items("imagePullSecrets")) {
            problems.require(secret.get("name"), "");
        }
        SchedulingRules.validate(spec, problems);
        hostAliases(spec, problems);
        Place deadline = spec.get("activeDeadlineSeconds");
        if (deadline.present()) {
            problems.range(deadline, 1, Integer.MAX_VALUE);
        }
        problems.notNegative(spec.get("terminationGracePeriodSeconds"));
        problems.supportedIfAny(spec.get("preemptionPolicy"), List.of("PreemptLowerPriority", "Never"));
        ResourceRules.amounts(spec.get("overhead"), problems);
        if (spec.is("shareProcessNamespace") && spec.is("hostPID")) {
            problems.invalid(
                    spec.get("shareProcessNamespace"), "ShareProcessNamespace and HostPID cannot both be enabled");
        }
        hostUsers(spec, problems);
        for (Place gate : spec.items("readinessGates")) {
            problems.check(gate.get("conditionType"), Names::qualifiedName);
        }
        SystemRules.validate(spec, problems);
    }

    private static void restartPolicy(Place policy, Problems problems) {
        if (problems.require(policy, "")) {
            problems.supported(policy, List.of("Always", "OnFailure", "Never"));
        }
    }

    private static void dns(Place spec, Problems problems) {
        Place policy = spec.get("dnsPolicy");
        if (problems.require(policy, "")) {
            problems.supported(policy, DNS_POLICIES);
        }
        Place config = spec.get("dnsConfig");
        Place servers = config.get("nameservers");
        if (policy.text().equals("None")) {
            if (!config.present()) {
                problems.required(config, "must provide `dnsConfig` when `dnsPolicy` is None");
                return;
            }
            if (servers.empty()) {
                problems.required(servers, "must provide at least one DNS nameserver when `dnsPolicy` is None");
            }
        }
        if (servers.node().size() > MAX_NAMESERVERS) {
            problems.invalid(servers, "must not have more than " + MAX_NAMESERVERS + " nameservers");
        }
        for (Place server : servers.items()) {
            if (!Cidr.isAddress(server.text())) {
                problems.invalid(server, "must be valid IP address");
            }
        }
        Place searches = config.get("searches");
        if (searches.node().size() > MAX_SEARCHES) {
            problems.invalid(searches, "must not have more than " + MAX_SEARCHES + " search paths");
        }
        for (Place search : searches.items()) {
            String domain = search.text().endsWith(".")
                    ? search.text().substring(0, search.text().length() - 1)
                    : search.text();
            if (!domain.isEmpty()) {
                problems.invalid(search, Names.dnsSubdomain(domain.replace('_', '-')));
            }
        }
        for (Place option : config.items("options")) {
            problems.require(option.get("name"), "must not be empty");
        }
    }

    private static void names(Place spec, Problems problems) {
        problems.checkIfAny(spec.get("serviceAccountName"), Names::dnsSubdomain);
        problems.checkIfAny(spec.get("nodeName"), Names::dnsSubdomain);
        problems.checkIfAny(spec.get("hostname"), Problems::dnsLabel);
        problems.checkIfAny(spec.get("subdomain"), Problems::dnsLabel);
        hostnameOverride(spec, problems);
        problems.checkIfAny(spec.get("priorityClassName"), Names::dnsSubdomain);
        problems.checkIfAny(spec.get("runtimeClassName"), Names::dnsSubdomain);
        problems.check(spec.get("schedulerName"), Names::qualifiedName);
    }

    /** A host name as the kernel takes it, for pods that have one of their own. */
    private static void hostnameOverride(Place spec, Problems problems) {
        Place name = spec.get("hostnameOverride");
        problems.checkIfAny(name, Names::dnsSubdomain);
        if (name.text().length() > MAX_HOSTNAME) {
            problems.invalid(name, "must be no more than " + MAX_HOSTNAME + " characters");
        }
        for (String other : List.of("hostNetwork", "setHostnameAsFQDN")) {
            if (name.present() && spec.is(other)) {
                problems.forbidden(name, "may not be set when " + other + " is true");
            }
        }
    }

    private static void hostAliases(Place spec, Problems problems) {
        for (Place alias : spec.items("hostAliases")) {
            if (!Cidr.isAddress(alias.text("ip"))) {
                problems.add(FieldError.invalid(
                        spec.path() + ".hostAliases.ip", alias.text("ip"), "must be valid IP address"));
            }
            for (Place hostname : alias.items("hostnames")) {
                problems.invalid(
                        hostname.at(spec.path() + ".hostAliases.hostnames"), Names.dnsSubdomain(hostname.text()));
            }
        }
    }

    private static void hostUsers(Place spec, Problems problems) {
        if (!spec.has("hostUsers") || spec.is("hostUsers")) {
            return;
        }
        for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
            if (spec.is(field)) {
                problems.forbidden(spec.get(field), "when `hostUsers` is false");
            }
        }
    }
}
