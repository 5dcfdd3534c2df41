/**
 * {@code metrics.k8s.io/v1beta1}: what nodes and pods use right now, as "kubectl top" and autoscalers read it. Nothing of
 * it is stored: kubelets are asked while somebody asks here.
 *
 * <p>Enter at {@link io.vertikube.apiserver.metrics.UsageObjects}. {@link io.vertikube.apiserver.metrics.UsageLoop} is the
 * only one that talks to kubelets; everything else is pure.
 */
@NullMarked
package io.vertikube.apiserver.metrics;

import org.jspecify.annotations.NullMarked;
