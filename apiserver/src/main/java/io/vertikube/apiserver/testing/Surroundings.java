package io.vertikube.apiserver.testing;

import io.vertikube.apiserver.resource.Chance;
import io.vertikube.control.Time;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.function.Function;

/**
 * What the world is to a test server. Immutable.
 *
 * @param time the server's clock, and how it waits between rounds
 * @param chance what it leaves to chance
 * @param vertx makes the event loops that requests and answers are carried on; the server closes them
 */
public record Surroundings(Time time, Chance chance, Function<VertxOptions, Vertx> vertx) {

    private static final int EVENT_LOOPS = 2;

    /** The machine's. */
    static Surroundings ofMachine() {
        return new Surroundings(
                Time.system(), Chance.ofMachine(), options -> Vertx.vertx(options.setEventLoopPoolSize(EVENT_LOOPS)));
    }
}
