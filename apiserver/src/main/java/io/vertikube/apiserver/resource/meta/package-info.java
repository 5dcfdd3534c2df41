/**
 * What the rules of all kinds share: a place in a tree with its path, the collector of problems, and the rules of
 * {@code metadata} and label selectors. Enter at {@link io.vertikube.apiserver.resource.meta.ObjectMetaRules}. Knows no
 * single kind.
 */
@NullMarked
package io.vertikube.apiserver.resource.meta;

import org.jspecify.annotations.NullMarked;
