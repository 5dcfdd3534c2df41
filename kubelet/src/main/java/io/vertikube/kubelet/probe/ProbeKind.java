package io.vertikube.kubelet.probe;

import java.util.Locale;

/** What a probe is for. */
public enum ProbeKind {
    STARTUP,
    LIVENESS,
    READINESS;

    /** As messages name it: {@code Readiness}. */
    public String title() {
        return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
