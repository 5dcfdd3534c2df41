/**
 * An immutable sorted map whose copies share almost everything: {@link io.vertikube.apiserver.storage.tree.SortedTree}.
 * A plain data structure; it knows nothing of storage.
 */
@NullMarked
package io.vertikube.apiserver.storage.tree;

import org.jspecify.annotations.NullMarked;
