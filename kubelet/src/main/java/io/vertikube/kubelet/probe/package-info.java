/**
 * Asking containers how they are: startup, liveness and readiness, by command, HTTP, TCP or gRPC.
 *
 * <p>Enter at {@link io.vertikube.kubelet.probe.Probes}, which runs one loop a probe and publishes
 * {@link io.vertikube.kubelet.probe.ProbeOutcomes}. What an outcome means for a pod is decided elsewhere.
 */
@NullMarked
package io.vertikube.kubelet.probe;

import org.jspecify.annotations.NullMarked;
