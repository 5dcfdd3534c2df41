/**
 * What rules a node out for a pod, and what makes it better than another. Enter at
 * {@link io.vertikube.scheduler.plugin.Plugins}: a new rule is a file and a row there. Pure: no clock, no connection.
 */
@NullMarked
package io.vertikube.scheduler.plugin;

import org.jspecify.annotations.NullMarked;
