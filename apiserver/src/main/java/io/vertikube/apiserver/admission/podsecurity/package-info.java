/**
 * The Pod Security Standards ("Pod Security Admission" in the Kubernetes documentation). Enter at {@link
 * io.vertikube.apiserver.admission.podsecurity.PodSecurityStandard}; pure functions of a pod's tree. Knows no store.
 */
@NullMarked
package io.vertikube.apiserver.admission.podsecurity;

import org.jspecify.annotations.NullMarked;
