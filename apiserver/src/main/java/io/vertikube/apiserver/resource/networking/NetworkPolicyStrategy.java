package io.vertikube.apiserver.resource.networking;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.CommonRules;
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
        if (spec.get("policyTypes").node().size() > 2) {
            problems.invalid(spec.get("policyTypes"), "may not specify more than two policyTypes");
            return problems.list();
        }
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
                port(port, problems);
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
            block(block, problems);
        }
    }

    private static void block(Place block, Problems problems) {
        Place range = block.get("cidr");
        if (!problems.require(range, "") || !CommonRules.range(range, problems)) {
            return;
        }
        Cidr whole = Cidr.parse(range.text());
        for (Place except : block.items("except")) {
            if (CommonRules.range(except, problems)) {
                Cidr part = Cidr.parse(except.text());
                boolean inside = part.isIpv6() == whole.isIpv6()
                        && part.prefix() > whole.prefix()
                        && whole.contains(
                                except.text().substring(0, except.text().indexOf('/')));
                if (!inside) {
                    problems.invalid(except, "must be a strict subset of `cidr`");
                }
            }
        }
    }

    private static void port(Place port, Problems problems) {
        problems.supportedIfAny(port.get("protocol"), List.of("TCP", "UDP", "SCTP"));
        Place number = port.get("port");
        Place end = port.get("endPort");
        if (number.node().isTextual()) {
            if (end.present()) {
                problems.invalid(end, "may not be specified when `port` is non-numeric");
            }
            problems.check(number, Names::portName);
        } else if (number.present()) {
            problems.port(number);
            if (end.present()) {
                if (end.number(0) < number.number(0)) {
                    problems.invalid(end, "must be greater than or equal to `port`");
                }
                problems.port(end);
            }
        } else if (end.present()) {
            problems.invalid(end, "may not be specified when `port` is not specified");
        }
    }
}
