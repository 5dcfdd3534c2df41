/**
 * gRPC on unix sockets, as the runtime, CSI drivers and plugins on this machine speak it.
 *
 * <p>Enter at {@link io.vertikube.kubelet.rpc.UnixChannel}. This package knows no message.
 */
@NullMarked
package io.vertikube.kubelet.rpc;

import org.jspecify.annotations.NullMarked;
