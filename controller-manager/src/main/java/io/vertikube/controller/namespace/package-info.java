/**
 * Namespace deletion: empties a namespace of everything that discovery shows, pods first, then lets it go.
 *
 * <p>Enter at {@link io.vertikube.controller.namespace.NamespaceReconciler}; {@code NamespaceStatusPlan} says what is left and
 * why. It must not know any particular type but pods.
 */
@NullMarked
package io.vertikube.controller.namespace;

import org.jspecify.annotations.NullMarked;
