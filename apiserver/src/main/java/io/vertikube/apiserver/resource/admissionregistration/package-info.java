/**
 * Rules of webhook configurations and admission policies ("Dynamic Admission Control", "Validating Admission Policy" in
 * the Kubernetes documentation). Enter at the strategies; they know trees, and expressions only as text.
 */
@NullMarked
package io.vertikube.apiserver.resource.admissionregistration;

import org.jspecify.annotations.NullMarked;
