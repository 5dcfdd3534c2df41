/**
 * {@code deploy/bench kubelet}: pods on one node, raw from the runtime and through the whole cluster, in one run.
 *
 * <p>Enter at {@link io.vertikube.deploy.bench.node.KubeletBench}. What is raw is three calls a pod over our own CRI client;
 * what is not goes in at the API server and is seen by a watch. Knows no part of the kubelet but that client.
 */
@NullMarked
package io.vertikube.deploy.bench.node;

import org.jspecify.annotations.NullMarked;
