/**
 * The rest of a cluster around a {@link io.vertikube.apiserver.testing.TestServer}: scheduler, controllers and simulated
 * nodes, a line each. As parts in code, or as annotations beside {@link
 * io.vertikube.apiserver.testing.ApiServerTest} on a JUnit class. They stand in this module because it alone knows all
 * services; each runs under the identity and with the rights it has in a real cluster.
 */
@NullMarked
package io.vertikube.deploy.testing;

import org.jspecify.annotations.NullMarked;
