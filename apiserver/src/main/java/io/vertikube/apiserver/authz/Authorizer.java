package io.vertikube.apiserver.authz;

/** Answers whether somebody may do something. Served from memory, never blocks; safe for any thread. */
@FunctionalInterface
public interface Authorizer {

    Decision authorize(Attributes attributes);
}
