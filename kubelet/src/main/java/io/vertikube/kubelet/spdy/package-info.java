/**
 * SPDY/3.1 as Kubernetes' streams speak it: frames on a blocking connection, from either end.
 *
 * <p>Enter at {@link io.vertikube.kubelet.spdy.SpdyConnection}. It knows nothing of containers, HTTP or the API.
 */
@NullMarked
package io.vertikube.kubelet.spdy;

import org.jspecify.annotations.NullMarked;
