/**
 * The one list of resources: every built-in type with its names, scope, verbs and subresources; a
 * CustomResourceDefinition adds the same row at run time.
 *
 * <p>Enter at {@link io.vertikube.catalog.Catalog#builtIn()}. Nothing here knows how a type is stored or served.
 */
@NullMarked
package io.vertikube.catalog;

import org.jspecify.annotations.NullMarked;
