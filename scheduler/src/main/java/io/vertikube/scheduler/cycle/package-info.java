/**
 * One decision: a pod and a picture of the cluster become a node, or a reason for each node. Enter at
 * {@link io.vertikube.scheduler.cycle.SchedulingCycle}. Pure; it must not know single rules, queues or the API connection.
 */
@NullMarked
package io.vertikube.scheduler.cycle;

import org.jspecify.annotations.NullMarked;
