package io.vertikube.apiserver.resource.core.pod;

import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import java.util.List;

/** Security contexts of pods and containers. Pure. */
final class SecurityRules {

    private static final List<String> PROFILES = List.of("Localhost", "RuntimeDefault", "Unconfined");

    private SecurityRules() {}

    static void container(Place container, boolean hostUsers, Problems problems) {
        Place context = container.get("securityContext");
        if (!context.present()) {
            return;
        }
        problems.id(context.get("runAsUser"));
        problems.id(context.get("runAsGroup"));
        problems.supportedIfAny(context.get("procMount"), List.of("Default", "Unmasked"));
        if (hostUsers && context.text("procMount").equals("Unmasked")) {
            problems.invalid(context.get("procMount"), "`hostUsers` must be false to use `Unmasked`");
        }
        profile(context.get("seccompProfile"), problems);
        profile(context.get("appArmorProfile"), problems);
        boolean forbidsEscalation = context.has("allowPrivilegeEscalation") && !context.is("allowPrivilegeEscalation");
        if (forbidsEscalation && context.is("privileged")) {
            problems.invalid(context, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
        }
        boolean admin = context.get("capabilities").get("add").texts().stream()
                .anyMatch(c -> c.equals("CAP_SYS_ADMIN") || c.equals("SYS_ADMIN"));
        if (forbidsEscalation && admin) {
            problems.invalid(
                    context, "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
        }
    }

    static void pod(Place spec, Problems problems) {
        Place context = spec.get("securityContext");
        if (!context.present()) {
            return;
        }
        problems.id(context.get("fsGroup"));
        problems.id(context.get("runAsUser"));
        problems.id(context.get("runAsGroup"));
        context.items("supplementalGroups").forEach(problems::id);
        problems.supportedIfAny(context.get("fsGroupChangePolicy"), List.of("Always", "OnRootMismatch"));
        problems.supportedIfAny(context.get("supplementalGroupsPolicy"), List.of("Merge", "Strict"));
        problems.supportedIfAny(context.get("seLinuxChangePolicy"), List.of("MountOption", "Recursive"));
        profile(context.get("seccompProfile"), problems);
        profile(context.get("appArmorProfile"), problems);
        var names = context.items("sysctls").stream().map(s -> s.get("name")).toList();
        for (Place sysctl : context.items("sysctls")) {
            if (problems.require(sysctl.get("name"), "")) {
                sysctl(sysctl.get("name"), spec, problems);
            }
        }
        problems.unique(names);
    }

    private static void sysctl(Place name, Place spec, Problems problems) {
        String text = name.text().replace('/', '.');
        if (text.length() > 253
                || !text.matches("([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*([a-z0-9][-_a-z0-9]*)?[a-z0-9]")) {
            problems.invalid(
                    name,
                    "must have at most 253 characters and match regex"
                            + " ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*([a-z0-9][-_a-z0-9]*)?[a-z0-9]$");
        } else if (text.startsWith("net.") && spec.is("hostNetwork")) {
            problems.invalid(name, "may not be specified when 'hostNetwork' is true");
        } else if (text.startsWith("kernel.sem") && spec.is("hostIPC")) {
            problems.invalid(name, "may not be specified when 'hostIPC' is true");
        }
    }

    private static void profile(Place profile, Problems problems) {
        if (!profile.present()) {
            return;
        }
        if (problems.require(profile.get("type"), "type is required when a profile is set")) {
            problems.supported(profile.get("type"), PROFILES);
        }
        boolean local = profile.text("type").equals("Localhost");
        Place path = profile.get("localhostProfile");
        if (local && path.empty()) {
            problems.required(path, "must be set when seccomp type is Localhost");
        } else if (!local && path.present()) {
            problems.invalid(path, "can only be set when seccomp type is Localhost");
        } else if (local) {
            VolumeRules.descending(path, problems);
        }
    }
}
