package io.vertikube.service;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this machine calls itself. */
public final class HostName {
    private HostName() {}

    /** Its name; {@code localhost} for one that has none. */
    public static String orLocalhost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            return "localhost";
        }
    }
}
