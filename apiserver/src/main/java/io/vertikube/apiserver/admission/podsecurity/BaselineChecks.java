package io.vertikube.apiserver.admission.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the level {@code baseline} forbids. Pure. */
final class BaselineChecks {

    private static final Set<String> CAPABILITIES = Set.of(
            "AUDIT_WRITE",
            "CHOWN",
            "DAC_OVERRIDE",
            "FOWNER",
            "FSETID",
            "KILL",
            "MKNOD",
            "NET_BIND_SERVICE",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYS_CHROOT");
    private static final Set<String> SYSCTLS = Set.of(
            "kernel.shm_rmid_forced",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.ip_local_reserved_ports",
            "net.ipv4.ip_unprivileged_port_start",
            "net.ipv4.ping_group_range",
            "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl",
            "net.ipv4.tcp_keepalive_probes",
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_rmem",
            "net.ipv4.tcp_syncookies",
            "net.ipv4.tcp_wmem");
    private static final Set<String> SELINUX_TYPES =
            Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");

    private BaselineChecks() {}

    /**
     * @param restricted leaves out what the stricter level says in its own, stricter words
     */
    static Stream<Violation> all(JsonNode metadata, JsonNode spec, boolean restricted) {
        return Stream.of(
                        appArmor(metadata, spec),
                        restricted ? Optional.<Violation>empty() : capabilities(spec),
                        hostNamespaces(spec),
                        restricted ? Optional.<Violation>empty() : hostPaths(spec),
                        hostPorts(spec),
                        probeHosts(spec),
                        Containers.violation(
                                spec,
                                "privileged",
                                "must not set securityContext.privileged=true",
                                c -> context(c).path("privileged").asBoolean()),
                        procMount(spec),
                        seLinux(spec),
                        restricted ? Optional.<Violation>empty() : seccomp(spec),
                        sysctls(spec),
                        hostProcess(spec))
                .flatMap(Optional::stream);
    }

    static JsonNode context(JsonNode holder) {
        return holder.path("securityContext");
    }

    private static Optional<Violation> appArmor(JsonNode metadata, JsonNode spec) {
        var found = new ArrayList<String>();
        String pod = context(spec).path("appArmorProfile").path("type").asText("");
        if (pod.equals("Unconfined")) {
            found.add("pod must not set AppArmor profile type to \"Unconfined\"");
        }
        List<String> names = Containers.named(
                spec,
                c -> context(c).path("appArmorProfile").path("type").asText().equals("Unconfined"));
        if (!names.isEmpty()) {
            found.add(Containers.some("container", names) + " must not set AppArmor profile type to \"Unconfined\"");
        }
        metadata.path("annotations").properties().forEach(annotation -> {
            String value = annotation.getValue().asText();
            boolean allowed = value.isEmpty() || value.equals("runtime/default") || value.startsWith("localhost/");
            if (annotation.getKey().startsWith("container.apparmor.security.beta.kubernetes.io/") && !allowed) {
                found.add("annotation \"" + annotation.getKey() + "\"=\"" + value + "\"");
            }
        });
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation(
                        found.size() == 1 ? "forbidden AppArmor profile" : "forbidden AppArmor profiles",
                        String.join(", ", found)));
    }

    private static Optional<Violation> capabilities(JsonNode spec) {
        var added = new TreeSet<String>();
        List<String> names = Containers.named(spec, container -> {
            var own = new TreeSet<String>();
            context(container).path("capabilities").path("add").forEach(c -> own.add(c.asText()));
            own.removeAll(CAPABILITIES);
            added.addAll(own);
            return !own.isEmpty();
        });
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation(
                        "non-default capabilities",
                        Containers.some("container", names) + " must not include " + Containers.quoted(added)
                                + " in securityContext.capabilities.add"));
    }

    private static Optional<Violation> hostNamespaces(JsonNode spec) {
        List<String> shared = Stream.of("hostNetwork", "hostPID", "hostIPC")
                .filter(field -> spec.path(field).asBoolean())
                .map(field -> field + "=true")
                .toList();
        return shared.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation("host namespaces", String.join(", ", shared)));
    }

    private static Optional<Violation> hostPaths(JsonNode spec) {
        var names = new ArrayList<String>();
        spec.path("volumes").forEach(volume -> {
            if (volume.hasNonNull("hostPath")) {
                names.add(volume.path("name").asText());
            }
        });
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation("hostPath volumes", Containers.some("volume", names)));
    }

    private static Optional<Violation> hostPorts(JsonNode spec) {
        var ports = new TreeSet<Integer>();
        List<String> names = Containers.named(spec, container -> {
            int before = ports.size();
            boolean any = false;
            for (JsonNode port : container.path("ports")) {
                if (port.path("hostPort").asInt(0) != 0) {
                    any = true;
                    ports.add(port.path("hostPort").asInt());
                }
            }
            return any || ports.size() > before;
        });
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation(
                        "hostPort",
                        Containers.some("container", names)
                                + (names.size() > 1 ? " use " : " uses ")
                                + (ports.size() > 1 ? "hostPorts " : "hostPort ")
                                + String.join(
                                        ", ",
                                        ports.stream().map(String::valueOf).toList())));
    }

    private static Optional<Violation> probeHosts(JsonNode spec) {
        var hosts = new TreeSet<String>();
        List<String> names = Containers.named(spec, container -> {
            var own = new TreeSet<String>();
            for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
                host(container.path(probe), own);
            }
            host(container.path("lifecycle").path("postStart"), own);
            host(container.path("lifecycle").path("preStop"), own);
            hosts.addAll(own);
            return !own.isEmpty();
        });
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation(
                        "probe or lifecycle host",
                        Containers.some("container", names)
                                + (names.size() > 1 ? " use" : " uses")
                                + " probe or lifecycle "
                                + Containers.some("host", hosts)));
    }

    private static void host(JsonNode handler, Set<String> hosts) {
        for (String kind : List.of("httpGet", "tcpSocket")) {
            String host = handler.path(kind).path("host").asText("");
            if (!host.isEmpty()) {
                hosts.add(host);
            }
        }
    }

    private static Optional<Violation> procMount(JsonNode spec) {
        return Containers.violation(
                spec, "procMount", "must not set securityContext.procMount to \"Unmasked\"", container -> {
                    String mount = context(container).path("procMount").asText("");
                    return !mount.isEmpty() && !mount.equals("Default");
                });
    }

    private static Optional<Violation> seLinux(JsonNode spec) {
        var wrong = new TreeSet<String>();
        var holders = new ArrayList<String>();
        if (seLinux(context(spec).path("seLinuxOptions"), wrong)) {
            holders.add("pod");
        }
        List<String> names =
                Containers.named(spec, container -> seLinux(context(container).path("seLinuxOptions"), wrong));
        if (!names.isEmpty()) {
            holders.add(Containers.some("container", names));
        }
        return holders.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation(
                        "seLinuxOptions",
                        String.join(" and ", holders) + " set forbidden securityContext.seLinuxOptions: "
                                + String.join("; ", wrong)));
    }

    private static boolean seLinux(JsonNode options, Set<String> wrong) {
        int before = wrong.size();
        boolean any = false;
        String type = options.path("type").asText("");
        if (!SELINUX_TYPES.contains(type)) {
            wrong.add("type \"" + type + "\"");
            any = true;
        }
        for (String field : List.of("user", "role")) {
            if (!options.path(field).asText("").isEmpty()) {
                wrong.add(field + " may not be set");
                any = true;
            }
        }
        return any || wrong.size() > before;
    }

    private static Optional<Violation> seccomp(JsonNode spec) {
        var found = new ArrayList<String>();
        if (isUnconfined(spec)) {
            found.add("pod");
        }
        List<String> names = Containers.named(spec, BaselineChecks::isUnconfined);
        if (!names.isEmpty()) {
            found.add(Containers.some("container", names));
        }
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation(
                        "seccompProfile",
                        String.join(" and ", found) + " must not set securityContext.seccompProfile.type to"
                                + " \"Unconfined\""));
    }

    static boolean isUnconfined(JsonNode holder) {
        return context(holder).path("seccompProfile").path("type").asText().equals("Unconfined");
    }

    private static Optional<Violation> sysctls(JsonNode spec) {
        var names = new ArrayList<String>();
        context(spec).path("sysctls").forEach(sysctl -> {
            if (!SYSCTLS.contains(sysctl.path("name").asText())) {
                names.add(sysctl.path("name").asText());
            }
        });
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation("forbidden sysctls", String.join(", ", names)));
    }

    private static Optional<Violation> hostProcess(JsonNode spec) {
        var found = new ArrayList<String>();
        if (isHostProcess(spec)) {
            found.add("pod");
        }
        List<String> names = Containers.named(spec, BaselineChecks::isHostProcess);
        if (!names.isEmpty()) {
            found.add(Containers.some("container", names));
        }
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(new Violation(
                        "hostProcess",
                        String.join(" and ", found) + " must not set securityContext.windowsOptions.hostProcess=true"));
    }

    private static boolean isHostProcess(JsonNode holder) {
        return context(holder).path("windowsOptions").path("hostProcess").asBoolean();
    }
}
