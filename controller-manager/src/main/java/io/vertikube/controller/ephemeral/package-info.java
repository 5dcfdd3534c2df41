/**
 * Generic ephemeral volumes: each gets a claim that its pod owns. Enter at {@link
 * io.vertikube.controller.ephemeral.EphemeralVolumeReconciler}. The claims go with their pods by garbage collection.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/#generic-ephemeral-volumes">Generic ephemeral
 *     volumes</a>
 */
@NullMarked
package io.vertikube.controller.ephemeral;

import org.jspecify.annotations.NullMarked;
