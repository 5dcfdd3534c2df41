/**
 * What a caller may do: RBAC, the node authorizer, the superuser group, and the review kinds that ask them
 * ("Authorization" in the Kubernetes documentation). Enter at {@link io.vertikube.apiserver.authz.Authorizer}. Reads
 * stored objects through snapshots; knows nothing of HTTP.
 */
@NullMarked
package io.vertikube.apiserver.authz;

import org.jspecify.annotations.NullMarked;
