/**
 * Requests that end at a kubelet, a pod or a Service: logs, exec, attach, port-forward, and the HTTP proxies.
 *
 * <p>Enter at {@link io.vertikube.apiserver.proxy.KubeletStreams}. Where a request goes is decided from stored objects
 * ({@link io.vertikube.apiserver.proxy.Targets}), what the kubelet is asked is a pure function ({@link
 * io.vertikube.apiserver.proxy.KubeletPaths}), and bytes are carried by {@link io.vertikube.apiserver.proxy.HttpRelay}
 * and {@link io.vertikube.apiserver.proxy.Tunnel}. Nothing is believed of the other side: only a 101 opens a tunnel, no
 * redirect is followed, and a node is reached only at the address that it has registered.
 */
@NullMarked
package io.vertikube.apiserver.proxy;

import org.jspecify.annotations.NullMarked;
