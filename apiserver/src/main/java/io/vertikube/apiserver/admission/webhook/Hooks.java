package io.vertikube.apiserver.admission.webhook;

import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.admission.match.Seen;
import io.vertikube.apiserver.admission.match.Surroundings;
import io.vertikube.apiserver.authz.ParsedObjects;
import io.vertikube.apiserver.cel.RequestScope;
import io.vertikube.apiserver.openapi.Once;
import io.vertikube.apiserver.storage.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The webhooks that are configured, and which of them are for a write. Safe for any thread. */
final class Hooks {

    /** A hook for a write, in the version that it wants to see. */
    record Match(Hook hook, Seen seen) {}

    private final Surroundings surroundings;
    private final ParsedObjects<List<Hook>> configured;

    /** @param plural {@code mutatingwebhookconfigurations} or the validating ones */
    Hooks(Surroundings surroundings, String plural) {
        this.surroundings = surroundings;
        Supplier<RequestScope> scope =
                new Once<>(() -> RequestScope.ofWebhook(surroundings.engine().get()));
        this.configured = new ParsedObjects<>(
                "/registry/admissionregistration.k8s.io/" + plural + "/", stored -> Hook.of(stored, scope));
    }

    /** In the order of their configurations' names. */
    List<Match> of(AdmissionRequest request) {
        if (surroundings.isExempt(request)) {
            return List.of();
        }
        Snapshot now = surroundings.now();
        Map<String, List<Hook>> all = configured.read(now);
        if (all.isEmpty()) {
            return List.of();
        }
        List<Match> matches = new ArrayList<>();
        new TreeMap<>(all)
                .values()
                .forEach(hooks -> hooks.forEach(hook -> surroundings
                        .seen(hook.criteria(), request, now)
                        .ifPresent(seen -> matches.add(new Match(hook, seen)))));
        return matches;
    }
}
