/**
 * Rules of webhook configurations and admission policies ("Dynamic Admission Control", "Validating Admission Policy" in
 * the Kubernetes documentation). Enter at the strategies; they know trees, and compile expressions without running them.
 */
@NullMarked
package io.vertikube.apiserver.resource.admissionregistration;

import org.jspecify.annotations.NullMarked;
