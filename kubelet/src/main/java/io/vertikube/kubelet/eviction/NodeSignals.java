package io.vertikube.kubelet.eviction;

import java.io.IOException;
import java.util.Map;

/** Looks at the machine. What cannot be told is left out. Safe for any thread; blocks. */
public interface NodeSignals {
    Map<Signal, Observation> observe() throws IOException;
}
