/**
 * The life of pods: {@link io.vertikube.kubelet.pod.PodPlan} decides from what is wanted and what is there, a worker a
 * pod does it.
 *
 * <p>Enter at {@link io.vertikube.kubelet.pod.Pods}, which owns the workers. The plan knows no clock, runtime or API; the
 * worker knows no rules.
 */
@NullMarked
package io.vertikube.kubelet.pod;

import org.jspecify.annotations.NullMarked;
