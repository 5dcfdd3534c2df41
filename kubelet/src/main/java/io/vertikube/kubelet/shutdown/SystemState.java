package io.vertikube.kubelet.shutdown;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What systemd says of the machine. Safe for any thread; blocks. */
public final class SystemState {

    private static final Logger LOG = LoggerFactory.getLogger(SystemState.class);
    private static final long PATIENCE_SECONDS = 5;

    private SystemState() {}

    /** Whether the machine goes down; no where there is no systemd to ask. */
    public static boolean isStopping() {
        try {
            Process asked = new ProcessBuilder("systemctl", "is-system-running")
                    .redirectErrorStream(true)
                    .start();
            asked.getOutputStream().close();
            if (!asked.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                asked.destroyForcibly();
                return false;
            }
            return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .strip()
                    .equals("stopping");
        } catch (IOException e) {
            LOG.debug("whether the machine goes down is not known: {}", e.getMessage());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
