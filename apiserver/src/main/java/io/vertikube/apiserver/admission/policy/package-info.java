/**
 * Admission policies: writes judged ({@link io.vertikube.apiserver.admission.policy.ValidatingPolicies}) and changed ({@link
 * io.vertikube.apiserver.admission.policy.MutatingPolicies}) by expressions that are stored as objects ("Validating
 * Admission Policy" and "Mutating Admission Policy" in the documentation). Policies and bindings are read from the
 * snapshot of each write, so a change counts as soon as the server knows of it.
 */
@NullMarked
package io.vertikube.apiserver.admission.policy;

import org.jspecify.annotations.NullMarked;
