/**
 * A container runtime without containers: sandboxes get addresses, commands are played by a toy shell, logs are written
 * as a real runtime writes them, and exec, attach and port-forward go over a streaming server as with a real one. For
 * machines without root, and for tests with many nodes.
 *
 * <p>Enter at {@link io.vertikube.kubelet.runtime.simulated.SimulatedRuntime}. It passes the same contract suite as a
 * real runtime; it knows no API objects.
 */
@NullMarked
package io.vertikube.kubelet.runtime.simulated;

import org.jspecify.annotations.NullMarked;
