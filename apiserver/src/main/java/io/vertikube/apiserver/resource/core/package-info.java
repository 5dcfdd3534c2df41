/**
 * Rules of the kinds of the core group but pods, which have a package of their own. Enter at the strategies; they know trees, not storage.
 */
@NullMarked
package io.vertikube.apiserver.resource.core;

import org.jspecify.annotations.NullMarked;
