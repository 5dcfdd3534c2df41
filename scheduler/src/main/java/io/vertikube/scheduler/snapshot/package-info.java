/**
 * The cluster as one scheduling decision sees it. Enter at {@link io.vertikube.scheduler.snapshot.ClusterCache}, which
 * follows the API and hands out immutable {@link io.vertikube.scheduler.snapshot.Snapshot}s. It must not know rules,
 * queues or the API connection.
 */
@NullMarked
package io.vertikube.scheduler.snapshot;

import org.jspecify.annotations.NullMarked;
