package io.vertikube.apiserver.resource.core.pod;

import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Cidr;
import io.vertikube.value.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The containers of a pod. Confined to one validation of one pod. */
final class ContainerRules {

    private static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
    private static final List<String> NOT_IN_EPHEMERAL =
            List.of("ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "resizePolicy");

    private final Place spec;
    private final Map<String, String> volumes;
    private final Problems problems;
    private final Set<String> names = new HashSet<>();
    private final Set<String> hostPorts = new HashSet<>();

    ContainerRules(Place spec, Map<String, String> volumes, Problems problems) {
        this.spec = spec;
        this.volumes = volumes;
        this.problems = problems;
    }

    void validate() {
        Place containers = spec.get("containers");
        if (containers.empty()) {
            problems.required(containers);
        }
        for (Place container : containers.items()) {
            container(container);
            restartPolicy(container);
        }
        for (Place container : spec.items("initContainers")) {
            initContainer(container);
        }
        for (Place container : spec.items("ephemeralContainers")) {
            ephemeral(container);
        }
    }

    static void image(Place image, Problems problems) {
        if (problems.require(image, "") && !image.text().strip().equals(image.text())) {
            problems.invalid(image, "must not have leading or trailing whitespace");
        }
    }

    private void initContainer(Place container) {
        boolean sidecar = container.text("restartPolicy").equals("Always");
        container(container);
        restartPolicy(container);
        if (!sidecar) {
            for (String field : List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
                if (container.has(field)) {
                    problems.forbidden(
                            container.get(field), "may not be set for init containers without restartPolicy=Always");
                }
            }
        }
    }

    /** A policy of the container's own, and exceptions from it ("Container restart policy rules" in the documentation). */
    private void restartPolicy(Place container) {
        Place policy = container.get("restartPolicy");
        problems.supportedIfAny(policy, List.of("Always", "Never", "OnFailure"));
        Place rules = container.get("restartPolicyRules");
        if (!rules.empty() && policy.empty()) {
            problems.required(policy, "must specify restartPolicy when restart rules are used");
        }
        for (Place rule : rules.items()) {
            if (problems.require(rule.get("action"), "")) {
                problems.supported(rule.get("action"), List.of("Restart"));
            }
            Place codes = rule.get("exitCodes");
            if (!codes.present()) {
                problems.required(codes, "must be specified");
                continue;
            }
            if (problems.require(codes.get("operator"), "must be specified")) {
                problems.supported(codes.get("operator"), List.of("In", "NotIn"));
            }
            if (codes.get("values").empty()) {
                problems.required(codes.get("values"), "must be specified");
            }
        }
    }

    private void ephemeral(Place container) {
        common(container);
        for (String field : NOT_IN_EPHEMERAL) {
            if (!container.get(field).empty()) {
                problems.forbidden(
                        container.get(field),
                        field.endsWith("Probe") || field.equals("lifecycle")
                                ? "cannot be set for an Ephemeral Container"
                                : "field not allowed in Ephemeral Container");
            }
        }
        if (!container.get("resources").empty()) {
            problems.forbidden(container.get("resources"), "cannot be set for an Ephemeral Container");
        }
        Place target = container.get("targetContainerName");
        boolean known = target.empty()
                || spec.items("containers").stream()
                        .anyMatch(c -> c.text("name").equals(target.text()))
                || spec.items("initContainers").stream()
                        .anyMatch(c -> c.text("name").equals(target.text()));
        if (!known) {
            problems.notFound(target);
        }
    }

    private void container(Place container) {
        common(container);
        ports(container.get("ports"));
        ProbeRules.validate(
                container,
                spec.number("terminationGracePeriodSeconds", -1),
                spec.get("os").text("name"),
                problems);
        ResourceRules.validate(container.get("resources"), problems);
    }

    private void common(Place container) {
        Place name = container.get("name");
        if (problems.require(name, "")) {
            problems.check(name, Problems::dnsLabel);
            if (!names.add(name.text())) {
                problems.duplicate(name);
            }
        }
        image(container.get("image"), problems);
        EnvRules.validate(container, problems);
        VolumeRules.mounts(container, volumes, problems);
        if (problems.require(container.get("imagePullPolicy"), "")) {
            problems.supported(container.get("imagePullPolicy"), PULL_POLICIES);
        }
        problems.supportedIfAny(container.get("terminationMessagePolicy"), List.of("FallbackToLogsOnError", "File"));
        boolean hostUsers = !spec.has("hostUsers") || spec.is("hostUsers");
        SecurityRules.container(container, hostUsers, problems);
        if (!hostUsers && !container.get("volumeDevices").empty()) {
            problems.forbidden(container.get("volumeDevices"), "when `hostUsers` is false");
        }
    }

    private void ports(Place ports) {
        Set<String> portNames = new HashSet<>();
        for (Place port : ports.items()) {
            Place name = port.get("name");
            if (!name.empty()) {
                problems.check(name, Names::portName);
                if (!portNames.add(name.text())) {
                    problems.duplicate(name);
                }
            }
            if (port.number("containerPort", 0) == 0) {
                problems.required(port.get("containerPort"));
            } else {
                problems.port(port.get("containerPort"));
            }
            hostPort(port);
            if (problems.require(port.get("protocol"), "")) {
                problems.supported(port.get("protocol"), List.of("SCTP", "TCP", "UDP"));
            }
            if (!port.get("hostIP").empty() && !Cidr.isAddress(port.text("hostIP"))) {
                problems.invalid(port.get("hostIP"), "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }
        }
    }

    private void hostPort(Place port) {
        long hostPort = port.number("hostPort", 0);
        if (hostPort == 0) {
            return;
        }
        problems.port(port.get("hostPort"));
        if (spec.is("hostNetwork") && hostPort != port.number("containerPort", 0)) {
            problems.invalid(port.get("containerPort"), "must match `hostPort` when `hostNetwork` is true");
        }
        String key = port.text("protocol") + "/" + port.text("hostIP") + "/" + hostPort;
        if (!hostPorts.add(key)) {
            problems.add(FieldError.duplicate(port.get("hostPort").path(), key));
        }
    }
}
