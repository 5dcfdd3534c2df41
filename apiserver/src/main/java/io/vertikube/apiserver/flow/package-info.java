/**
 * Whose request is served when there are more than can be ("API Priority and Fairness" in the Kubernetes documentation,
 * KEP-1040). Enter at {@link io.vertikube.apiserver.flow.FlowControl}. Knows requests, flow schemas and priority levels,
 * and nothing of what a request does.
 */
@NullMarked
package io.vertikube.apiserver.flow;

import org.jspecify.annotations.NullMarked;
