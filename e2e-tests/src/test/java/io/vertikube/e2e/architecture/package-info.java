/** Which package may know which: the rules of the house, checked. */
@NullMarked
package io.vertikube.e2e.architecture;

import org.jspecify.annotations.NullMarked;
