/**
 * The small languages inside objects: quantities, label and field selectors, names, address ranges.
 *
 * <p>Pure functions and immutable values; nothing here knows of objects' types, transport or time.
 */
@NullMarked
package io.vertikube.value;

import org.jspecify.annotations.NullMarked;
