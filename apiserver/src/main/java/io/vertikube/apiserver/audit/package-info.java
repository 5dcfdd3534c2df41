/**
 * Who did what, when, and what came of it ("Auditing" in the Kubernetes documentation). Enter at {@link
 * io.vertikube.apiserver.audit.Audit}, which is made only where a policy file and a place for events are named. Knows
 * requests and their answers, and nothing of resources or the store.
 */
@NullMarked
package io.vertikube.apiserver.audit;

import org.jspecify.annotations.NullMarked;
