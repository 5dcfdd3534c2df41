/**
 * What texts and values mean wherever schemas and expressions speak of them: formats, addresses, patterns, equality, and the
 * path to a value. Pure functions that know nothing of schemas, expressions or resources.
 */
@NullMarked
package io.vertikube.apiserver.format;

import org.jspecify.annotations.NullMarked;
