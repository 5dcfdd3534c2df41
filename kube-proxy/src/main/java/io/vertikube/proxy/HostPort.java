package io.vertikube.proxy;

/** An address and a port to listen on. Immutable. */
record HostPort(String host, int port) {

    /** Reads {@code host:port}. */
    static HostPort parse(String flag, String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon > 0 && port >= 0 && port < 65_536) {
                return new HostPort(text.substring(0, colon).replaceAll("^\\[|]$", ""), port);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(flag + ": '" + text + "' is no host:port", e);
        }
        throw new IllegalArgumentException(flag + ": '" + text + "' is no host:port");
    }
}
