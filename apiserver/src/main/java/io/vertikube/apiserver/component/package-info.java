/**
 * {@code componentstatuses}: whether store, scheduler and controllers are there, for those who still ask.
 *
 * <p>Enter at {@link io.vertikube.apiserver.component.ComponentStatuses}. It must not know how those are run.
 */
@NullMarked
package io.vertikube.apiserver.component;

import org.jspecify.annotations.NullMarked;
