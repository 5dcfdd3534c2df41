/**
 * Rules of the workload kinds in the group {@code apps}, and of ReplicationController, their elder. Enter at the strategies; they know trees, not storage.
 */
@NullMarked
package io.vertikube.apiserver.resource.apps;

import org.jspecify.annotations.NullMarked;
