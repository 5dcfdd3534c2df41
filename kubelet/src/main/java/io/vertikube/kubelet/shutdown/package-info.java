/**
 * The end of the machine: pods get their time before it goes down ("Graceful node shutdown" in the documentation).
 *
 * <p>Enter at {@link io.vertikube.kubelet.shutdown.GracefulShutdown}; who ends when is {@link
 * io.vertikube.kubelet.shutdown.ShutdownPlan}, which is pure.
 */
@NullMarked
package io.vertikube.kubelet.shutdown;

import org.jspecify.annotations.NullMarked;
