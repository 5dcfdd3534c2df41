/**
 * Certificate signing requests: kubelets' are approved, approved ones are signed, old ones are removed. Enter at {@link
 * io.vertikube.controller.certificate.SigningReconciler}; who may be given which certificate is {@link
 * io.vertikube.controller.certificate.Signer}.
 *
 * @see <a href="https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/">Certificate Signing
 *     Requests</a>
 */
@NullMarked
package io.vertikube.controller.certificate;

import org.jspecify.annotations.NullMarked;
