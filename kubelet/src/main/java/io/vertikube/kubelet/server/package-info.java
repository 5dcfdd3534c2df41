/**
 * The kubelet's own API on port 10250: logs, exec, attach, port-forward, pods, stats and metrics, for callers that the API
 * server vouches for.
 *
 * <p>Enter at {@link io.vertikube.kubelet.server.KubeletServer}. Streams are carried to the runtime's streaming server:
 * SPDY byte by byte, WebSocket translated. This package reads pods and the runtime, and changes neither.
 */
@NullMarked
package io.vertikube.kubelet.server;

import org.jspecify.annotations.NullMarked;
