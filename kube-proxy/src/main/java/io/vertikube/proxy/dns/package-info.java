/**
 * The node's DNS: answers the cluster's names from memory and forwards all others. Enter at
 * {@link io.vertikube.proxy.dns.NodeDns}; {@link io.vertikube.proxy.dns.ClusterZone} decides, by the "Kubernetes
 * DNS-Based Service Discovery" specification, what a name means. It must not know nftables or how objects arrive.
 */
@NullMarked
package io.vertikube.proxy.dns;

import org.jspecify.annotations.NullMarked;
