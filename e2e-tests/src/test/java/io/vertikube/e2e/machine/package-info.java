/** Whole clusters on a machine: deploy/up, real containers, real kubectl. */
@NullMarked
package io.vertikube.e2e.machine;

import org.jspecify.annotations.NullMarked;
