package io.vertikube.controller.configrollout;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.vertikube.controller.workload.Fields;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What to write on one workload because of the configuration it reads. What was seen last stands in an annotation of the workload,
 * {@code kind/name=digest,…}. A first look, or a template that reads other things than before, is only noted: the pods of that
 * template read the newest anyway. Immutable.
 *
 * @param seen the new value of {@link #SEEN}
 * @param changed what has changed since; empty where nothing has to roll
 */
record ConfigPlan(String seen, List<String> changed) {
    /** On a workload, with value {@code true}: roll me when my configuration changes. */
    static final String ASKED = "vertikube.io/roll-on-config-change";

    static final String SEEN = "vertikube.io/config-seen";
    /** On its pod template: what makes it another template. */
    static final String ROLLED = "vertikube.io/config-digest";

    private static final String ABSENT = "absent";

    ConfigPlan {
        changed = List.copyOf(changed);
    }

    static boolean asked(HasMetadata workload) {
        return workload.getMetadata().getDeletionTimestamp() == null
                && "true"
                        .equals(Fields.map(workload.getMetadata().getAnnotations())
                                .get(ASKED));
    }

    /**
     * What to do, empty for nothing: all is as it was, or something that the pods cannot do without is missing just now.
     *
     * @param digest the digest of a ConfigMap or Secret, empty where there is none
     */
    static Optional<ConfigPlan> of(
            HasMetadata workload, PodTemplateSpec template, Function<ConfigReference, Optional<String>> digest) {
        var now = new TreeMap<String, String>();
        for (var reference : ConfigReference.of(template).entrySet()) {
            Optional<String> found = digest.apply(reference.getKey());
            boolean needed = reference.getValue();
            if (found.isEmpty() && needed) {
                return Optional.empty();
            }
            now.put(reference.getKey().toString(), found.orElse(ABSENT));
        }
        String seen = written(now);
        String before = Fields.map(workload.getMetadata().getAnnotations()).get(SEEN);
        if (seen.equals(before)) {
            return Optional.empty();
        }
        Map<String, String> last = read(Fields.text(before));
        boolean comparable = before != null && last.keySet().equals(now.keySet());
        List<String> changed = comparable
                ? now.entrySet().stream()
                        .filter(entry -> !entry.getValue().equals(last.get(entry.getKey())))
                        .map(Map.Entry::getKey)
                        .toList()
                : List.of();
        return Optional.of(new ConfigPlan(seen, changed));
    }

    private static String written(Map<String, String> digests) {
        return digests.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    private static Map<String, String> read(String seen) {
        var digests = new TreeMap<String, String>();
        for (String entry : seen.split(",", -1)) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                digests.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return digests;
    }
}
