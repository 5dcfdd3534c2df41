/**
 * HTTP, and nothing but HTTP: the TLS listener, what a URL asks for, which form of answer a client takes, and how an
 * answer is written.
 *
 * <p>Enter at {@link io.vertikube.apiserver.front.HttpFront}, which makes one {@link
 * io.vertikube.apiserver.front.Call} a request and hands it on. Everything here runs on the event loop of its
 * connection and never blocks; {@link io.vertikube.apiserver.front.Call#offload} leads to a virtual thread and back.
 * This package knows no resource, no store and no rule about who may do what.
 */
@NullMarked
package io.vertikube.apiserver.front;

import org.jspecify.annotations.NullMarked;
