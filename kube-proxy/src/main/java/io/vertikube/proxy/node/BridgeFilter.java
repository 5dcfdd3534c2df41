package io.vertikube.proxy.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether frames that stay on one bridge are shown to the IP hooks (br_netfilter). Read, never set. Immutable. */
public final class BridgeFilter {

    private static final Path SETTING = Path.of("/proc/sys/net/bridge/bridge-nf-call-iptables");

    private final Path setting;

    public BridgeFilter(Path setting) {
        this.setting = setting;
    }

    /** The kernel's own setting. */
    public static BridgeFilter ofKernel() {
        return new BridgeFilter(SETTING);
    }

    public boolean enabled() {
        try {
            return Files.readString(setting).strip().equals("1");
        } catch (IOException e) {
            return false;
        }
    }
}
