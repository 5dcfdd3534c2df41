/**
 * Informers: copies of a type's objects in memory, kept up to date by list and watch, with indexes.
 *
 * <p>Enter at {@link io.vertikube.cache.Informers} for several types or {@link io.vertikube.cache.Informer} for one.
 * What is read here may be a moment old and is shared: copy before changing it.
 */
@NullMarked
package io.vertikube.cache;

import org.jspecify.annotations.NullMarked;
