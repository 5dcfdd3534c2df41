package io.vertikube.apiserver.resource.core.pod;

import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Probes and lifecycle hooks. Pure. */
final class ProbeRules {

    private static final List<String> HANDLERS = List.of("exec", "httpGet", "tcpSocket", "grpc");
    private static final List<String> HOOKS = List.of("exec", "httpGet", "tcpSocket", "sleep");

    private static final List<String> STOP_SIGNALS = stopSignals();

    private ProbeRules() {}

    /**
     * Those of one container.
     *
     * @param grace seconds that the pod has to end; below zero where that is wrong or not known
     * @param os system that the pod is for; empty if it does not say
     */
    static void validate(Place container, long grace, String os, Problems problems) {
        for (String hook : List.of("postStart", "preStop")) {
            Place place = container.get("lifecycle").get(hook);
            if (place.present()) {
                handler(place, HOOKS, problems);
                sleep(place.get("sleep"), grace, problems);
            }
        }
        stopSignal(container.get("lifecycle").get("stopSignal"), os, problems);
        probe(container.get("livenessProbe"), true, problems);
        probe(container.get("readinessProbe"), false, problems);
        probe(container.get("startupProbe"), true, problems);
        if (container.has("readinessProbe") && container.get("readinessProbe").has("terminationGracePeriodSeconds")) {
            problems.invalid(
                    container.get("readinessProbe").get("terminationGracePeriodSeconds"),
                    "must not be set for readinessProbes");
        }
    }

    private static void stopSignal(Place signal, String os, Problems problems) {
        if (!signal.present()) {
            return;
        }
        switch (os) {
            case "" -> problems.forbidden(signal, "may not be set for containers with empty `spec.os.name`");
            case "linux" -> problems.supported(signal, STOP_SIGNALS);
            case "windows" -> problems.supported(signal, List.of("SIGKILL", "SIGTERM"));
            default -> {}
        }
    }

    /** In the order of their names. */
    private static List<String> stopSignals() {
        var plain =
                "ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT RTMAX RTMIN SEGV STKFLT"
                        + " STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ";
        return Stream.of(
                        Stream.of(plain.split(" ")),
                        IntStream.rangeClosed(1, 15).mapToObj(i -> "RTMIN+" + i),
                        IntStream.rangeClosed(1, 14).mapToObj(i -> "RTMAX-" + i))
                .flatMap(names -> names)
                .map(name -> "SIG" + name)
                .sorted()
                .toList();
    }

    private static void probe(Place probe, boolean oneSuccess, Problems problems) {
        if (!probe.present()) {
            return;
        }
        handler(probe, HANDLERS, problems);
        for (String field : List.of(
                "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")) {
            problems.notNegative(probe.get(field));
        }
        Place grace = probe.get("terminationGracePeriodSeconds");
        if (grace.present() && grace.number(1) <= 0) {
            problems.invalid(grace, "must be greater than 0");
        }
        if (oneSuccess && probe.number("successThreshold", 1) != 1) {
            problems.invalid(probe.get("successThreshold"), "must be 1");
        }
    }

    private static void handler(Place handler, List<String> kinds, Problems problems) {
        List<String> given = kinds.stream().filter(handler::has).toList();
        if (given.isEmpty()) {
            problems.required(handler, "must specify a handler type");
        }
        given.stream()
                .skip(1)
                .forEach(kind -> problems.forbidden(handler.get(kind), "may not specify more than 1 handler type"));
        if (handler.has("exec")) {
            Place command = handler.get("exec").get("command");
            problems.require(command, "");
        }
        if (handler.has("httpGet")) {
            Place get = handler.get("httpGet");
            problems.require(get.get("path"), "");
            port(get.get("port"), problems);
            problems.supported(get.get("scheme"), List.of("HTTP", "HTTPS"));
            for (Place header : get.items("httpHeaders")) {
                if (!header.text("name").matches("[-A-Za-z0-9]+")) {
                    problems.invalid(
                            header.get("name"),
                            "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name',"
                                    + " regex used for validation is '[-A-Za-z0-9]+')");
                }
            }
        }
        if (handler.has("tcpSocket")) {
            port(handler.get("tcpSocket").get("port"), problems);
        }
        if (handler.has("grpc")) {
            problems.port(handler.get("grpc").get("port"));
        }
    }

    private static void sleep(Place sleep, long grace, Problems problems) {
        long seconds = sleep.number("seconds", 0);
        if (grace >= 0 && (seconds < 0 || seconds > grace)) {
            problems.add(FieldError.invalid(
                    sleep.path(),
                    seconds,
                    "must be non-negative and less than terminationGracePeriodSeconds (" + grace + ")"));
        }
    }

    /** A port number or the name of one. */
    static void port(Place port, Problems problems) {
        if (port.node().isTextual()) {
            problems.check(port, Names::portName);
        } else {
            problems.port(port);
        }
    }
}
