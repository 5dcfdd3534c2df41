package io.vertikube.apiserver;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;

/** Which address of the machine others reach a server at. */
final class Addresses {

    private Addresses() {}

    /** The one that was named, else the one it listens on, else the machine's first that is not loopback. */
    static String advertised(ApiServerOptions.Serving serving) {
        if (!serving.advertiseAddress().isEmpty()) {
            return serving.advertiseAddress();
        }
        String bind = serving.bindAddress();
        if (!bind.equals("0.0.0.0") && !bind.equals("::")) {
            return bind;
        }
        try {
            for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (!device.isUp() || device.isLoopback()) {
                    continue;
                }
                for (InetAddress address : Collections.list(device.getInetAddresses())) {
                    if (address instanceof Inet4Address && !address.isLinkLocalAddress()) {
                        return address.getHostAddress();
                    }
                }
            }
        } catch (SocketException e) {
            return "127.0.0.1";
        }
        return "127.0.0.1";
    }
}
