/**
 * Behaviours of a conformant node, one small pod each, on real containers; {@code e2e-tests/CONFORMANCE.md} says which
 * behaviour is shown where. Enter at {@link io.vertikube.e2e.conformance.NodeConformanceTest}.
 */
@NullMarked
package io.vertikube.e2e.conformance;

import org.jspecify.annotations.NullMarked;
