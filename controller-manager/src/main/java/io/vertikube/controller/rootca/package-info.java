/**
 * Root CA publishing: every namespace has a ConfigMap by which pods can check that they speak with the API server.
 *
 * <p>Enter at {@link io.vertikube.controller.rootca.RootCaReconciler}. It must not know how the certificate is made.
 */
@NullMarked
package io.vertikube.controller.rootca;

import org.jspecify.annotations.NullMarked;
