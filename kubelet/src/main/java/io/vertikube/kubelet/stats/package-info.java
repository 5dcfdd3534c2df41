/**
 * What the node, its pods, containers and volumes use, and how that is told: {@code /stats/summary}, {@code
 * /metrics/resource}, {@code /metrics/cadvisor} and the volumes in {@code /metrics}.
 *
 * <p>Enter at {@link io.vertikube.kubelet.stats.UsageSource}, which collects; the reports are pure functions of what it saw.
 * Knows nothing of HTTP.
 */
@NullMarked
package io.vertikube.kubelet.stats;

import org.jspecify.annotations.NullMarked;
