/**
 * Service accounts: every namespace has one named {@code default}.
 *
 * <p>Enter at {@link io.vertikube.controller.serviceaccount.ServiceAccountReconciler}. It must not know tokens.
 */
@NullMarked
package io.vertikube.controller.serviceaccount;

import org.jspecify.annotations.NullMarked;
