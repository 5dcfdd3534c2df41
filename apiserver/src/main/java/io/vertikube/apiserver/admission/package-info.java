/**
 * What may still change or refuse a write once it is decoded and authorized ("Admission Controllers Reference" in the
 * Kubernetes documentation). Enter at {@link io.vertikube.apiserver.admission.AdmissionChain}; one file a plugin. Knows
 * the stored objects through snapshots, and nothing of HTTP.
 */
@NullMarked
package io.vertikube.apiserver.admission;

import org.jspecify.annotations.NullMarked;
