/**
 * The three ways to change an object by a patch: JSON Patch (RFC 6902), JSON Merge Patch (RFC 7386) and Kubernetes'
 * strategic merge patch.
 *
 * <p>Enter at {@link io.vertikube.apiserver.patch.JsonPatch}, {@link io.vertikube.apiserver.patch.MergePatch} or {@link
 * io.vertikube.apiserver.patch.StrategicMergePatch}: each is one pure function from trees to a tree, and refuses with an
 * {@link io.vertikube.object.ApiException}. Server-side apply is not here but in {@code apply}. This package knows schema
 * nodes and JSON, no resource, no store and no HTTP.
 */
@NullMarked
package io.vertikube.apiserver.patch;

import org.jspecify.annotations.NullMarked;
