/**
 * Kubernetes' protobuf form of objects ({@code application/vnd.kubernetes.protobuf}), which typed Go clients send.
 *
 * <p>Enter at {@link io.vertikube.apiserver.protobuf.ProtobufCodec}. Nothing here is made of generated message classes:
 * the descriptors that the build extracts say what is on the wire, the schema says where it belongs in the JSON tree.
 * This package knows no HTTP and no single kind.
 */
@NullMarked
package io.vertikube.apiserver.protobuf;

import org.jspecify.annotations.NullMarked;
