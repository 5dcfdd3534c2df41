/**
 * Rules of device classes, claims and slices ("Dynamic Resource Allocation" in the Kubernetes documentation; group
 * {@code resource.k8s.io}). Enter at the strategies; they know trees, and expressions only as text.
 */
@NullMarked
package io.vertikube.apiserver.resource.devices;

import org.jspecify.annotations.NullMarked;
