/**
 * Fuzzing of everything that reads what strangers send. A {@link io.vertikube.apiserver.fuzz.Decoders decoder} is a
 * function from bytes to nothing that may refuse in the API's own way and otherwise must keep its laws; {@code
 * FuzzTest} replays the known inputs and lets a coverage-guided fuzzer run for a moment, {@code deploy/bench fuzz} lets
 * it run for as long as one likes.
 */
@NullMarked
package io.vertikube.apiserver.fuzz;

import org.jspecify.annotations.NullMarked;
