package io.vertikube.apiserver.fuzz;

import java.util.Arrays;
import java.util.List;

/**
 * What the fuzzer calls. With the property {@code fuzz.decoder} all inputs go to that decoder, else the first byte picks
 * one. Confined to the fuzzer's thread.
 */
public final class Fuzz {

    private static final Decoders DECODERS = new Decoders();
    private static final List<String> NAMES = DECODERS.names();
    private static final String CHOSEN = System.getProperty("fuzz.decoder", "");

    private Fuzz() {}

    /** The fuzzer's entry, found by its name. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (!CHOSEN.isEmpty()) {
            DECODERS.feed(CHOSEN, input);
        } else if (input.length > 0) {
            String name = NAMES.get(Math.floorMod(input[0], NAMES.size()));
            DECODERS.feed(name, Arrays.copyOfRange(input, 1, input.length));
        }
    }
}
