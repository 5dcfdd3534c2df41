/**
 * The node agent: the pods that the API assigns to one machine, run over a container runtime.
 *
 * <p>Enter at {@link io.vertikube.kubelet.KubeletService}, the composition root. {@code pod} decides and does,
 * {@code runtime} is the seam to containers, {@code volume}, {@code env}, {@code probe} and {@code cgroup} are what a pod
 * needs, {@code status} tells the API, {@code node} keeps the Node object, {@code server} answers on port 10250.
 */
@NullMarked
package io.vertikube.kubelet;

import org.jspecify.annotations.NullMarked;
