/**
 * {@code deploy/bench apiserver}: measures any Kubernetes API server.
 *
 * <p>Enter at {@link io.vertikube.deploy.bench.apiserver.ApiServerBench}, which runs one measurement after the other.
 * Knows nothing of our server but the command that starts it.
 */
@NullMarked
package io.vertikube.deploy.bench.apiserver;

import org.jspecify.annotations.NullMarked;
