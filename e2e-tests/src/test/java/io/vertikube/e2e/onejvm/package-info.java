/** Whole clusters in one JVM, on simulated nodes. */
@NullMarked
package io.vertikube.e2e.onejvm;

import org.jspecify.annotations.NullMarked;
