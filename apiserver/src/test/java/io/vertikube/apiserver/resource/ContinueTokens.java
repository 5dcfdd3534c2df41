package io.vertikube.apiserver.resource;

/** The door of the fuzzer to continue tokens. Stateless. */
public final class ContinueTokens {

    private ContinueTokens() {}

    /** Reads a token, writes it and reads that; refuses as the list does. */
    public static void roundTrip(String text) {
        ContinueToken token = ContinueToken.decode(text);
        if (!ContinueToken.decode(token.encode()).equals(token)) {
            throw new IllegalStateException("a token does not read what it wrote: " + token);
        }
    }
}
