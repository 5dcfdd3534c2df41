/**
 * Pods that wait: which is next, which has to wait for a time, which for something to happen. Enter at
 * {@link io.vertikube.scheduler.queue.SchedulingQueue}. It must not know nodes or the API connection.
 */
@NullMarked
package io.vertikube.scheduler.queue;

import org.jspecify.annotations.NullMarked;
