/**
 * The API server: the one door to the cluster's state.
 *
 * <p>Start at {@link io.vertikube.apiserver.ApiServer}, the composition root, which reads from top to bottom: store →
 * schemas → who may do what → admission → resources → chain → front. The packages below follow a request: {@code front}
 * (HTTP) → {@code chain} (the order of checks) → {@code resource} (one handler for all kinds) → {@code storage}. This
 * package knows all of them, and none of them knows it.
 */
@NullMarked
package io.vertikube.apiserver;

import org.jspecify.annotations.NullMarked;
