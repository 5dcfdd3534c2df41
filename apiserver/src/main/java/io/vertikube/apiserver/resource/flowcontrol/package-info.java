/**
 * Rules of flow schemas and priority levels ("API Priority and Fairness" in the Kubernetes documentation). Enter at the
 * strategies; they know trees, not storage.
 */
@NullMarked
package io.vertikube.apiserver.resource.flowcontrol;

import org.jspecify.annotations.NullMarked;
