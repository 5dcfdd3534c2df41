/**
 * Endpoints: which pod addresses stand behind a Service, in the older form.
 *
 * <p>Enter at {@link io.vertikube.controller.endpoints.EndpointsReconciler}; {@code EndpointsPlan} decides. {@code ServicePods}
 * holds what Endpoints and EndpointSlices decide alike. It must not know proxies.
 */
@NullMarked
package io.vertikube.controller.endpoints;

import org.jspecify.annotations.NullMarked;
