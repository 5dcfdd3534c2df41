/**
 * Revisions of a pod template, kept as ControllerRevisions by StatefulSets and DaemonSets.
 *
 * <p>Enter at {@link io.vertikube.controller.history.History}. It must not know how a rollout goes from one to the next.
 */
@NullMarked
package io.vertikube.controller.history;

import org.jspecify.annotations.NullMarked;
