package io.vertikube.kubelet.source;

import java.time.Duration;

/** How a kubelet learns that a ConfigMap or Secret changed; {@code configMapAndSecretChangeDetectionStrategy}. */
public enum ChangeDetection {
    /** One watch an object that pods here refer to: changes arrive at once. */
    WATCH,
    /** Fetched when needed and remembered for a few seconds: changes arrive when volumes are looked over. */
    CACHE,
    /** Fetched whenever needed. */
    GET;

    private static final Duration SHORTLY = Duration.ofSeconds(5);

    /** How long what was fetched is good enough. */
    public Duration remembered() {
        return this == GET ? Duration.ZERO : SHORTLY;
    }

    /** By the name that the configuration has for it: Watch, Cache or Get. */
    public static ChangeDetection parse(String name) {
        return switch (name) {
            case "Watch" -> WATCH;
            case "Cache" -> CACHE;
            case "Get" -> GET;
            default ->
                throw new IllegalArgumentException("--config-map-and-secret-change-detection-strategy: \"" + name
                        + "\" is none of Watch, Cache, Get");
        };
    }
}
