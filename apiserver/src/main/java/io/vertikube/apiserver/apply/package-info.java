/**
 * Who manages which field: the {@code managedFields} of an object, kept through every write, and server-side apply, which
 * merges a configuration into the live object and refuses to take fields of others (KEP-555, KEP-2155).
 *
 * <p>Enter at {@link io.vertikube.apiserver.apply.ManagedFields} (create, update, patch) and {@link
 * io.vertikube.apiserver.apply.ServerSideApply}. Everything here is a pure function of trees, a schema and a time; a set
 * of fields is a {@link io.vertikube.apiserver.apply.FieldSet}. This package knows no resource, no store and no HTTP.
 */
@NullMarked
package io.vertikube.apiserver.apply;

import org.jspecify.annotations.NullMarked;
