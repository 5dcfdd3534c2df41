/**
 * What a server finds or makes in its store before it is ready: namespaces, default roles, priorities, flow control, its
 * own Service. Enter at {@link io.vertikube.apiserver.bootstrap.Bootstrap}; the roles are in {@code bootstrap/rbac.json}.
 * Writes straight to storage, so what is here is right by construction; knows nothing of HTTP.
 */
@NullMarked
package io.vertikube.apiserver.bootstrap;

import org.jspecify.annotations.NullMarked;
