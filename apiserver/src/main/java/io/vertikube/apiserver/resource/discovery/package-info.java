/**
 * Rules of endpoint slices. Enter at the strategies; they know trees, not storage.
 */
@NullMarked
package io.vertikube.apiserver.resource.discovery;

import org.jspecify.annotations.NullMarked;
