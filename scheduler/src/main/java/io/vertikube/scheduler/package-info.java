/**
 * Which node for which pod. Enter at {@link io.vertikube.scheduler.Scheduler}: it takes a pod from {@code queue}, asks
 * {@code cycle} with a picture from {@code snapshot}, and has the answer written. What rules a node out or makes it
 * better is a row in {@code plugin}. This package holds the thread, the API connection and the flags; it decides nothing
 * about nodes itself.
 */
@NullMarked
package io.vertikube.scheduler;

import org.jspecify.annotations.NullMarked;
