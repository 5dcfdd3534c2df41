/**
 * Rules of leases. Enter at the strategies; they know trees, not storage.
 */
@NullMarked
package io.vertikube.apiserver.resource.coordination;

import org.jspecify.annotations.NullMarked;
