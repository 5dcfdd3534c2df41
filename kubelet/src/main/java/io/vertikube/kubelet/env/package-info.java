/**
 * What a container finds when it starts: its environment, arguments, names and resolver.
 *
 * <p>Enter at {@link io.vertikube.kubelet.env.ContainerEnvironment}. Pure functions over objects that are handed in.
 */
@NullMarked
package io.vertikube.kubelet.env;

import org.jspecify.annotations.NullMarked;
