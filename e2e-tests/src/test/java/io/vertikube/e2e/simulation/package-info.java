/**
 * A whole cluster in one JVM on a virtual clock: real API server, scheduler and controllers, stand-ins for the nodes. A
 * seed makes a plan of workloads that come and go and of faults; named invariants hold after every step.
 *
 * <p>Enter at {@link io.vertikube.e2e.simulation.Simulation}; {@code Plan} makes the steps, {@code Cluster} does them,
 * {@code Invariants} is the table of what must hold, {@code SimulationRun} what {@code deploy/bench simulation} starts.
 */
@NullMarked
package io.vertikube.e2e.simulation;

import org.jspecify.annotations.NullMarked;
