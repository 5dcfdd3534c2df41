package io.vertikube.kubelet.runtime.simulated;

import io.vertikube.kubelet.runtime.Mount;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a simulated process has about it. Immutable.
 *
 * @param mounts files of the machine that it may read
 * @param terminal rows and columns of its terminal, empty if it has none
 * @param unknown what becomes of a command that nobody has simulated
 */
record ToyProcess(
        InputStream in,
        OutputStream out,
        OutputStream err,
        Map<String, String> env,
        String hostname,
        List<Mount> mounts,
        Supplier<String> terminal,
        InstantSource clock,
        Unknown unknown) {

    /** What a command does that nobody has simulated. */
    enum Unknown {
        /** As a container's own command: a server that runs until it is stopped. */
        SERVES,
        /** As a probe or hook: it works. */
        SUCCEEDS,
        /** As a command that a person runs: it is not there. */
        MISSING
    }

    ToyProcess {
        env = Map.copyOf(env);
        mounts = List.copyOf(mounts);
    }

    ToyProcess printingTo(OutputStream other) {
        return new ToyProcess(in, other, err, env, hostname, mounts, terminal, clock, unknown);
    }
}
