/**
 * The load generator of {@code deploy/bench apiserver}: measures any Kubernetes API server from outside, over HTTPS.
 *
 * <p>Enter at {@link io.vertikube.deploy.bench.ApiServerBench}, which runs one measurement after the other. It speaks
 * HTTP/1.1 over Netty by itself ({@link io.vertikube.deploy.bench.Connection}), because what the generator spends the
 * server next to it does not have. Knows nothing of our server but the command that starts it.
 */
@NullMarked
package io.vertikube.deploy.bench;

import org.jspecify.annotations.NullMarked;
