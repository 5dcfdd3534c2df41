/**
 * Rules of priority classes. Enter at the strategies; they know trees, not storage.
 */
@NullMarked
package io.vertikube.apiserver.resource.scheduling;

import org.jspecify.annotations.NullMarked;
