/**
 * The API objects that pods refer to, fetched when they are needed: configuration, tokens, claims.
 *
 * <p>Each class is one of the seams that {@code env} and {@code volume} define. A node may read only what its pods name,
 * so nothing here lists or watches whole types: what is watched is one object at a time.
 */
@NullMarked
package io.vertikube.kubelet.source;

import org.jspecify.annotations.NullMarked;
