/**
 * Rules of roles and bindings. Enter at the strategies; they know trees, not storage.
 */
@NullMarked
package io.vertikube.apiserver.resource.rbac;

import org.jspecify.annotations.NullMarked;
