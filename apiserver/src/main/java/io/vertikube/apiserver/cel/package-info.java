/**
 * Expressions of the Common Expression Language over object trees, with the functions that Kubernetes adds and the limits
 * that it sets. Enter at {@link io.vertikube.apiserver.cel.RuleSet} for the rules of a schema and at
 * {@link io.vertikube.apiserver.cel.CelEngine} for single expressions. Everything here is loaded when the first expression
 * comes. Knows trees and schemas; knows nothing of resources, requests or the store.
 */
@NullMarked
package io.vertikube.apiserver.cel;

import org.jspecify.annotations.NullMarked;
