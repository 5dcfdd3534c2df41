package io.vertikube.apiserver.resource.core.pod;

import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import java.util.List;

/** What a pod that names its operating system may not say, since that system does not have it. Pure. */
final class SystemRules {

    private static final List<String> NOT_OF_A_WINDOWS_POD =
            List.of("hostPID", "hostIPC", "hostUsers", "shareProcessNamespace");
    private static final List<String> NOT_OF_ITS_CONTEXT = List.of(
            "appArmorProfile",
            "seLinuxOptions",
            "seccompProfile",
            "fsGroup",
            "fsGroupChangePolicy",
            "sysctls",
            "runAsUser",
            "runAsGroup",
            "supplementalGroups",
            "supplementalGroupsPolicy");
    private static final List<String> NOT_OF_ITS_CONTAINERS = List.of(
            "appArmorProfile",
            "seLinuxOptions",
            "seccompProfile",
            "capabilities",
            "readOnlyRootFilesystem",
            "privileged",
            "allowPrivilegeEscalation",
            "procMount",
            "runAsUser",
            "runAsGroup");

    private SystemRules() {}

    static void validate(Place spec, Problems problems) {
        Place name = spec.get("os").get("name");
        problems.supportedIfAny(name, List.of("linux", "windows"));
        switch (name.text()) {
            case "windows" -> {
                refuse(spec, NOT_OF_A_WINDOWS_POD, "cannot be set for a windows pod", problems);
                refuse(spec.get("securityContext"), NOT_OF_ITS_CONTEXT, "cannot be set for a windows pod", problems);
                containers(spec, NOT_OF_ITS_CONTAINERS, "cannot be set for a windows pod", problems);
            }
            case "linux" -> {
                var options = List.of("windowsOptions");
                String detail = "windows options cannot be set for a linux pod";
                refuse(spec.get("securityContext"), options, detail, problems);
                containers(spec, options, detail, problems);
            }
            default -> {}
        }
    }

    private static void containers(Place spec, List<String> fields, String detail, Problems problems) {
        for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
            for (Place container : spec.items(list)) {
                refuse(container.get("securityContext"), fields, detail, problems);
            }
        }
    }

    private static void refuse(Place place, List<String> fields, String detail, Problems problems) {
        for (String field : fields) {
            Place said = place.get(field);
            if (said.present() && !(said.node().isArray() && said.node().isEmpty())) {
                problems.forbidden(said, detail);
            }
        }
    }
}
