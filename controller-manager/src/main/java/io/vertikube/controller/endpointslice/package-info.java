/**
 * EndpointSlice: which pod addresses stand behind a Service, in pieces of at most a hundred, with their state and place.
 *
 * <p>Enter at {@link io.vertikube.controller.endpointslice.EndpointSliceReconciler}; {@code SlicePlan} decides which slices are
 * created, changed and deleted. It must not know proxies.
 */
@NullMarked
package io.vertikube.controller.endpointslice;

import org.jspecify.annotations.NullMarked;
