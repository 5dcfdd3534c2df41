package io.vertikube.apiserver.resource.devices;

import io.vertikube.apiserver.resource.core.pod.SchedulingRules;
import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.value.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which devices a claim asks for, in a claim or in a template. Pure. */
final class DeviceRules {

    private static final int MAX_ITEMS = 32;
    private static final int MAX_ALTERNATIVES = 8;
    private static final int MAX_EXPRESSION = 10 * 1024;
    private static final int MAX_PARAMETERS = 10 * 1024;

    private DeviceRules() {}

    static void claimSpec(Place spec, Problems problems) {
        Place devices = spec.get("devices");
        Set<String> names = new HashSet<>();
        for (String list : List.of("requests", "constraints", "config")) {
            CommonRules.maxItems(devices.get(list), MAX_ITEMS, problems);
        }
        for (Place request : devices.items("requests")) {
            request(request, names, problems);
        }
        for (Place constraint : devices.items("constraints")) {
            known(constraint.get("requests"), names, problems);
            boolean match = constraint.has("matchAttribute");
            if (match == constraint.has("distinctAttribute")) {
                problems.required(
                        constraint.get("matchAttribute"), "exactly one of matchAttribute and distinctAttribute");
            } else {
                attribute(constraint.get(match ? "matchAttribute" : "distinctAttribute"), problems);
            }
        }
        for (Place config : devices.items("config")) {
            known(config.get("requests"), names, problems);
            config(config, problems);
        }
    }

    private static void request(Place request, Set<String> names, Problems problems) {
        Place name = request.get("name");
        if (problems.require(name, "")) {
            problems.check(name, Problems::dnsLabel);
            if (!names.add(name.text())) {
                problems.duplicate(name);
            }
        }
        boolean exactly = request.has("exactly");
        boolean first = !request.get("firstAvailable").empty();
        if (exactly && first) {
            problems.invalid(request, "exactly one of `exactly` or `firstAvailable` must be specified");
        } else if (!exactly && !first) {
            problems.required(request, "exactly one of `exactly` or `firstAvailable` must be specified");
        }
        if (exactly) {
            asked(request.get("exactly"), problems);
        }
        CommonRules.maxItems(request.get("firstAvailable"), MAX_ALTERNATIVES, problems);
        for (Place alternative : request.items("firstAvailable")) {
            Place own = alternative.get("name");
            if (problems.require(own, "")) {
                problems.check(own, Problems::dnsLabel);
                if (!names.add(name.text() + "/" + own.text())) {
                    problems.duplicate(own);
                }
            }
            asked(alternative, problems);
        }
    }

    private static void asked(Place asked, Problems problems) {
        Place deviceClass = asked.get("deviceClassName");
        if (problems.require(deviceClass, "")) {
            problems.check(deviceClass, Names::dnsSubdomain);
        }
        selectors(asked.get("selectors"), problems);
        Place count = asked.get("count");
        switch (asked.text("allocationMode")) {
            case "All" -> {
                if (count.number(0) != 0) {
                    problems.invalid(count, "must not be specified when allocationMode is 'All'");
                }
            }
            case "ExactCount" -> {
                if (count.number(0) <= 0) {
                    problems.invalid(count, "must be greater than zero");
                }
            }
            default -> problems.supported(asked.get("allocationMode"), List.of("All", "ExactCount"));
        }
        SchedulingRules.tolerations(asked.get("tolerations"), problems);
    }

    static void selectors(Place selectors, Problems problems) {
        CommonRules.maxItems(selectors, MAX_ITEMS, problems);
        for (Place selector : selectors.items()) {
            Place cel = selector.get("cel");
            if (!cel.present()) {
                problems.required(cel);
            } else if (problems.require(cel.get("expression"), "")) {
                CommonRules.maxBytes(cel.get("expression"), MAX_EXPRESSION, problems);
            }
        }
    }

    static void config(Place config, Problems problems) {
        Place opaque = config.get("opaque");
        if (!opaque.present()) {
            problems.required(opaque);
            return;
        }
        CommonRules.driverName(opaque.get("driver"), problems);
        Place parameters = opaque.get("parameters");
        if (!parameters.present()) {
            problems.required(parameters);
        } else if (!parameters.node().isObject()) {
            problems.invalid(parameters, "must be a valid JSON object");
        } else if (parameters.node().toString().length() > MAX_PARAMETERS) {
            problems.add(io.vertikube.object.FieldError.tooLong(parameters.path(), MAX_PARAMETERS));
        }
    }

    private static void known(Place requests, Set<String> names, Problems problems) {
        problems.unique(requests.items());
        for (Place request : requests.items()) {
            if (!names.contains(request.text())) {
                problems.invalid(
                        request,
                        "must be the name of a request in the claim or the name of a request and a"
                                + " subrequest separated by '/'");
            }
        }
    }

    private static void attribute(Place attribute, Problems problems) {
        if (!attribute.text().contains("/")) {
            problems.invalid(attribute, "must include a domain");
        } else {
            problems.check(attribute, Names::qualifiedName);
        }
    }
}
