/**
 * How long kubelets may keep ConfigMaps and Secrets that they have read: the longer, the larger the cluster.
 *
 * <p>Enter at {@link io.vertikube.controller.ttl.NodeTtlReconciler}. It must not know what kubelets make of it.
 */
@NullMarked
package io.vertikube.controller.ttl;

import org.jspecify.annotations.NullMarked;
