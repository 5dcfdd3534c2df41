package io.vertikube.apiserver.resource.core.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Cidr;
import io.vertikube.value.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a node's agent may say of a pod ("PodStatus" in the API reference). Counters and states of containers are taken as they
 * are told, as Kubernetes does. Pure.
 */
final class PodStatusRules {

    private static final List<String> PHASES = List.of("Failed", "Pending", "Running", "Succeeded", "Unknown");

    private PodStatusRules() {}

    /** The first of many addresses is the one that stands alone, which counts where they differ. */
    static void alignAddresses(ObjectNode status) {
        String one = status.path("podIP").asText("");
        String first = status.path("podIPs").path(0).path("ip").asText("");
        if (one.isEmpty() && !first.isEmpty()) {
            status.put("podIP", first);
        } else if (!one.isEmpty() && !one.equals(first)) {
            status.putArray("podIPs").addObject().put("ip", one);
        }
    }

    static void validate(ObjectNode pod, Problems problems) {
        Place status = Place.root(pod).get("status");
        for (Place condition : status.items("conditions")) {
            for (String sentence : Names.qualifiedName(condition.text("type"))) {
                problems.add(FieldError.invalid(condition.path() + ".Type", condition.text("type"), sentence));
            }
            problems.supported(condition.get("status"), List.of("True", "False", "Unknown"));
        }
        problems.supportedIfAny(status.get("phase"), PHASES);
        problems.checkIfAny(status.get("nominatedNodeName"), Names::dnsSubdomain);
        addresses(status.get("podIPs"), problems);
        addresses(status.get("hostIPs"), problems);
        hostAddress(status, problems);
        claims(pod, status, problems);
    }

    private static void addresses(Place list, Problems problems) {
        Set<String> seen = new HashSet<>();
        for (Place entry : list.items()) {
            String address = entry.text("ip");
            if (!Cidr.isAddress(address)) {
                problems.add(FieldError.invalid(entry.path(), address, CommonRules.NOT_AN_ADDRESS));
            } else if (!seen.add(address)) {
                problems.duplicate(entry, address);
            }
        }
        long sixes = seen.stream().filter(address -> address.contains(":")).count();
        if (sixes > 1 || seen.size() - sixes > 1) {
            problems.invalid(list, "may specify no more than one IP for each IP family");
        }
    }

    private static void hostAddress(Place status, Problems problems) {
        List<Place> all = status.items("hostIPs");
        if (!all.isEmpty() && !all.getFirst().text("ip").equals(status.text("hostIP"))) {
            problems.invalid(all.getFirst().get("ip"), "must be equal to `hostIP`");
        }
    }

    /** What was made for the pod's claims: for claims that the pod has. */
    private static void claims(ObjectNode pod, Place status, Problems problems) {
        Set<String> names = new HashSet<>();
        Trees.objects(pod.path("spec"), "resourceClaims")
                .forEach(claim -> names.add(claim.path("name").asText()));
        for (Place claim : status.items("resourceClaimStatuses")) {
            if (!names.contains(claim.text("name"))) {
                problems.invalid(claim.get("name"), "must match the name of an entry in `spec.resourceClaims`");
            }
            problems.checkIfAny(claim.get("resourceClaimName"), Names::dnsSubdomain);
        }
    }
}
