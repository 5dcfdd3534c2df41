/**
 * Rules of storage classes and what drivers tell of themselves. Enter at the strategies; they know trees, not storage.
 */
@NullMarked
package io.vertikube.apiserver.resource.storage;

import org.jspecify.annotations.NullMarked;
