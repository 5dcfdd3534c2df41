/**
 * The controller-manager: every controller of the cluster in one service, of which one instance acts at a time.
 *
 * <p>Enter at {@link io.vertikube.controller.ControllerManagerService}; {@code Controllers} is the table of all of them. Each
 * controller has a package below: a thin reconciler that reads caches and writes, and a pure plan that decides. They meet only at
 * the API and must not know each other.
 */
@NullMarked
package io.vertikube.controller;

import org.jspecify.annotations.NullMarked;
