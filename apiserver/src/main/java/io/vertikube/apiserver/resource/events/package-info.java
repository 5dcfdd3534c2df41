/**
 * Rules of events, which two groups serve. Enter at the strategies; they know trees, not storage.
 */
@NullMarked
package io.vertikube.apiserver.resource.events;

import org.jspecify.annotations.NullMarked;
