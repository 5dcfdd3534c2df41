/**
 * The load generator that the benchmarks share: drives any Kubernetes API server from outside, over HTTPS, and counts what
 * it answers and what that costs.
 *
 * <p>Enter at {@link io.vertikube.deploy.bench.load.Load}. It speaks HTTP/1.1 over Netty by itself ({@link
 * io.vertikube.deploy.bench.load.Connection}), because what the generator spends the server next to it does not have.
 */
@NullMarked
package io.vertikube.deploy.bench.load;

import org.jspecify.annotations.NullMarked;
