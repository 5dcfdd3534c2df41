/**
 * A real API server inside a test: in this JVM, in memory, on a free port, gone when the test ends.
 *
 * <p>Enter at {@link io.vertikube.apiserver.testing.TestServer}, or put {@link
 * io.vertikube.apiserver.testing.ApiServerTest} on a JUnit class and take what it hands out as parameters: a {@link
 * io.vertikube.apiserver.testing.TestUser}, a fabric8 {@code KubernetesClient}, our own client, a kubeconfig. Scheduler,
 * controllers and nodes join as a {@link io.vertikube.apiserver.testing.TestServer.Part}; those of this project stand in
 * {@code io.vertikube.deploy.testing}. JUnit and fabric8's client are compiled against and never needed by those who do
 * not use them.
 */
@NullMarked
package io.vertikube.apiserver.testing;

import org.jspecify.annotations.NullMarked;
