/**
 * The seam to whatever runs containers: {@link io.vertikube.kubelet.runtime.ContainerRuntime} and the records that
 * cross it.
 *
 * <p>Enter at {@code ContainerRuntime}. Two implementations stand behind it, {@code cri} for any CRI v1 socket and
 * {@code simulated} for machines without one. This package knows no API objects and no gRPC types.
 */
@NullMarked
package io.vertikube.kubelet.runtime;

import org.jspecify.annotations.NullMarked;
