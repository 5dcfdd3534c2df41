/**
 * Ranges of cluster addresses beyond the API server's own: they become ready, and go when no Service needs them any more.
 *
 * <p>Enter at {@link io.vertikube.controller.servicecidr.ServiceCidrReconciler}. It must not know how addresses are chosen.
 */
@NullMarked
package io.vertikube.controller.servicecidr;

import org.jspecify.annotations.NullMarked;
