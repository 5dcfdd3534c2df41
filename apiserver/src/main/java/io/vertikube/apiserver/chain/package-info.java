/**
 * The order in which a request is looked at before anybody serves it.
 *
 * <p>Enter at {@link io.vertikube.apiserver.chain.RequestChain}, which is that order on one page; {@link
 * io.vertikube.apiserver.chain.Dispatcher} is where it ends: which part of the server answers which path. Knows every
 * part by its entrance and nothing of how it works inside.
 */
@NullMarked
package io.vertikube.apiserver.chain;

import org.jspecify.annotations.NullMarked;
