/**
 * Services of type LoadBalancer on a cluster without a cloud: the addresses of its own nodes, where kube-proxy answers on the
 * Service's ports.
 *
 * <p>Enter at {@link io.vertikube.controller.loadbalancer.LoadBalancerReconciler}. It must not know how the ports are served.
 */
@NullMarked
package io.vertikube.controller.loadbalancer;

import org.jspecify.annotations.NullMarked;
