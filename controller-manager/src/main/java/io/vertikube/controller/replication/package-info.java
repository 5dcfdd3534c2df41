/**
 * ReplicationController: the ReplicaSet's elder, kept through the same reconciler.
 *
 * <p>Enter at {@link io.vertikube.controller.replication.ReplicationControllerKind}. It must not know more than how the two kinds
 * differ in shape.
 */
@NullMarked
package io.vertikube.controller.replication;

import org.jspecify.annotations.NullMarked;
