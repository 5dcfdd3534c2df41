package io.vertikube.apiserver.resource.networking;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.LabelSelectorRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Cidr;
import io.vertikube.value.Names;
import java.util.List;

/** The rules of network policies. Pure. */
public final class NetworkPolicyStrategy implements Strategy {

    @Override
    public void applyDefaults(ObjectNode policy) {
        Trees.find(policy, "spec").ifPresent(spec -> {
            if (spec.path("policyTypes").isEmpty()) {
                ArrayNode types = spec.putArray("policyTypes").add("Ingress");
                if (!spec.path("egress").isEmpty()) {
                    types.add("Egress");
                }
            }
            for (String direction : List.of("ingress", "egress")) {
                for (ObjectNode rule : Trees.objects(spec, direction)) {
                    Trees.objects(rule, "ports").forEach(port -> Trees.setIfAbsent(port, "protocol", "TCP"));
                }
            }
        });
    }

    @Override
    public List<FieldError> validate(ObjectNode policy) {
        var problems = new Problems();
        Place spec = Place.root(policy).get("spec");
        LabelSelectorRules.validate(spec.get("podSelector"), problems);
        direction(spec.get("ingress"), "from", problems);
        direction(spec.get("egress"), "to", problems);
        spec.items("policyTypes").forEach(type -> problems.supported(type, List.of("Ingress", "Egress")));
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode policy, ObjectNode old) {
        return validate(policy);
    }

    private static void direction(Place rules, String peers, Problems problems) {
        for (Place rule : rules.items()) {
            for (Place port : rule.items("ports")) {
                problems.supportedIfAny(port.get("protocol"), List.of("SCTP", "TCP", "UDP"));
                Place number = port.get("port");
                if (number.node().isTextual()) {
                    problems.check(number, Names::portName);
                } else if (number.present()) {
                    problems.port(number);
                }
                Place end = port.get("endPort");
                if (end.present()) {
                    if (!number.present() || number.node().isTextual()) {
                        problems.required(number, "must be specified and a number when `endPort` is specified");
                    } else if (end.number(0) < number.number(0)) {
                        problems.invalid(end, "must be greater than or equal to `port`");
                    }
                }
            }
            rule.items(peers).forEach(peer -> peer(peer, problems));
        }
    }

    private static void peer(Place peer, Problems problems) {
        boolean selects = peer.has("podSelector") || peer.has("namespaceSelector");
        LabelSelectorRules.validate(peer.get("podSelector"), problems);
        LabelSelectorRules.validate(peer.get("namespaceSelector"), problems);
        if (!selects && !peer.has("ipBlock")) {
            problems.required(peer, "must specify a peer");
        } else if (selects && peer.has("ipBlock")) {
            problems.forbidden(peer, "may not specify both ipBlock and another peer");
        }
        Place block = peer.get("ipBlock");
        if (block.present()) {
            range(block.get("cidr"), problems);
            block.items("except").forEach(except -> range(except, problems));
        }
    }

    private static void range(Place range, Problems problems) {
        if (problems.require(range, "")) {
            try {
                Cidr.parse(range.text());
            } catch (IllegalArgumentException e) {
                problems.invalid(range, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
            }
        }
    }
}
