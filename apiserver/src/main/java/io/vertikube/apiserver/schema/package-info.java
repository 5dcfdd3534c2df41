/**
 * What an object of each kind may hold: one structural schema a type, and what is done with nothing but the schema —
 * decoding a body, checking types, dropping unknown fields, filling in defaults.
 *
 * <p>Enter at {@link io.vertikube.apiserver.schema.Decoder} (bytes to a checked tree) and {@link
 * io.vertikube.apiserver.schema.Schemas} (the schema of a kind). The built-in schemas are OpenAPI definitions that the
 * build writes; a CustomResourceDefinition's schema is read by the same {@link
 * io.vertikube.apiserver.schema.SchemaReader}. This package knows no resource, no store and no HTTP.
 */
@NullMarked
package io.vertikube.apiserver.schema;

import org.jspecify.annotations.NullMarked;
