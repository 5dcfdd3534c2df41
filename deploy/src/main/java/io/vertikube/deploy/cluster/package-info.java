/**
 * A cluster on one machine: where its files lie, its certificates, the flags each service gets, the services in one
 * JVM, and waiting until it is ready.
 *
 * <p>Enter at {@link io.vertikube.deploy.cluster.ClusterSettings}. Nothing here parses a command line.
 */
@NullMarked
package io.vertikube.deploy.cluster;

import org.jspecify.annotations.NullMarked;
