/**
 * What the server says of itself in OpenAPI: the index and one v3 document a group-version. kubectl takes from them
 * whether a server validates fields, how a patch merges, and what {@code explain} prints.
 *
 * <p>Enter at {@link io.vertikube.apiserver.openapi.OpenApi}. This package knows the catalogue and the definitions that
 * the build made; it knows no HTTP and no objects.
 */
@NullMarked
package io.vertikube.apiserver.openapi;

import org.jspecify.annotations.NullMarked;
