package io.vertikube.apiserver.admission.podsecurity;

import java.util.Locale;
import java.util.Optional;

/** How much a pod may do. */
public enum PodSecurityLevel {
    PRIVILEGED,
    BASELINE,
    RESTRICTED;

    /** As labels of namespaces name it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<PodSecurityLevel> of(String word) {
        for (PodSecurityLevel level : values()) {
            if (level.word().equals(word)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }
}
