/**
 * Rules of runtime classes. Enter at the strategies; they know trees, not storage.
 */
@NullMarked
package io.vertikube.apiserver.resource.node;

import org.jspecify.annotations.NullMarked;
