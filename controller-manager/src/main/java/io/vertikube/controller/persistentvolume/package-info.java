/**
 * Binds claims to volumes and says what volumes are good for. Enter at {@link
 * io.vertikube.controller.persistentvolume.BinderController}; what is decided about a claim is {@link
 * io.vertikube.controller.persistentvolume.ClaimPlan}, about a volume {@link
 * io.vertikube.controller.persistentvolume.VolumePlan}. It never makes or destroys storage: that is a provisioner's, which
 * is asked through an annotation on the claim.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/storage/persistent-volumes/">Persistent Volumes</a>
 */
@NullMarked
package io.vertikube.controller.persistentvolume;

import org.jspecify.annotations.NullMarked;
