package io.vertikube.apiserver.metrics;

import java.time.Duration;

/**
 * What measuring may cost. Immutable.
 *
 * @param resolution the time between two looks at a kubelet
 * @param warmUp the time between the first two, so that whoever asks first soon has a rate
 * @param patience how long a request may wait for those
 * @param idle how long kubelets are looked at after the last request
 * @param scrapeTimeout how long a kubelet may take to answer
 * @param scrapesAtOnce how many kubelets are asked at the same time
 * @param pageBytes the largest answer of a kubelet that is read
 */
public record MetricsLimits(
        Duration resolution,
        Duration warmUp,
        Duration patience,
        Duration idle,
        Duration scrapeTimeout,
        int scrapesAtOnce,
        int pageBytes) {

    public static final MetricsLimits DEFAULT = new MetricsLimits(
            Duration.ofSeconds(15),
            Duration.ofSeconds(1),
            Duration.ofSeconds(3),
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            64,
            16 * 1024 * 1024);

    public MetricsLimits withResolution(Duration other) {
        return new MetricsLimits(other, warmUp, patience, idle, scrapeTimeout, scrapesAtOnce, pageBytes);
    }
}
