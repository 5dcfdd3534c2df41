/**
 * Garbage collection by owner references: what nobody owns any more is deleted; what is deleted in the foreground waits for what it
 * owns; what is deleted as an orphan's parent lets its children go.
 *
 * <p>{@code OwnerGraph} holds who owns whom, fed by a {@code ResourceMonitor} a type; enter at
 * {@link io.vertikube.controller.gc.GarbageCollector}. {@code CollectPlan} decides about one object. It must not know any
 * particular type.
 */
@NullMarked
package io.vertikube.controller.gc;

import org.jspecify.annotations.NullMarked;
