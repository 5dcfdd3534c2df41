/**
 * Tokens by which new machines join: the signatures that let them trust {@code cluster-info}, and the end of tokens that have
 * expired.
 *
 * <p>Enter at {@link io.vertikube.controller.bootstraptoken.TokenSignerReconciler} and {@link
 * io.vertikube.controller.bootstraptoken.TokenCleanerReconciler}. It must not know how the API server believes a token.
 */
@NullMarked
package io.vertikube.controller.bootstraptoken;

import org.jspecify.annotations.NullMarked;
