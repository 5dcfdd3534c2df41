package io.vertikube.apiserver.testing;

import io.vertikube.apiserver.resource.Chance;
import io.vertikube.control.Time;

/**
 * What the world is to a test server. Immutable.
 *
 * @param time the server's clock, and how it waits between rounds
 * @param chance what it leaves to chance
 * @param eventLoops on how many threads requests and answers are carried
 */
public record Surroundings(Time time, Chance chance, int eventLoops) {

    /** The machine's. */
    static Surroundings ofMachine() {
        return new Surroundings(Time.system(), Chance.ofMachine(), 2);
    }
}
