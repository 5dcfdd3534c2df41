/**
 * The values of custom objects against the schema of their definition: OpenAPI v3 keywords, list types, embedded objects
 * and, through {@code cel}, validation rules. Enter at {@link io.vertikube.apiserver.validation.ObjectValidation}.
 * Knows trees and schemas; knows nothing of resources, requests or the store.
 */
@NullMarked
package io.vertikube.apiserver.validation;

import org.jspecify.annotations.NullMarked;
