/**
 * The vertikube command: every service alone, or all of them in one JVM, and what a cluster on one machine needs
 * besides them.
 *
 * <p>Enter at {@link io.vertikube.deploy.Vertikube}. This is the composition root: the only place that knows all
 * services.
 */
@NullMarked
package io.vertikube.deploy;

import org.jspecify.annotations.NullMarked;
