package io.vertikube.kubelet.eviction;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What is watched, and what its lack is called on pods and on the node. */
public enum Signal {
    MEMORY_AVAILABLE("memory.available", "memory", Pressure.MEMORY),
    NODEFS_AVAILABLE("nodefs.available", "ephemeral-storage", Pressure.DISK),
    NODEFS_INODES("nodefs.inodesFree", "inodes", Pressure.DISK),
    IMAGEFS_AVAILABLE("imagefs.available", "ephemeral-storage", Pressure.DISK),
    IMAGEFS_INODES("imagefs.inodesFree", "inodes", Pressure.DISK),
    PID_AVAILABLE("pid.available", "pids", Pressure.PID);

    /** A condition of the node. */
    public enum Pressure {
        MEMORY("MemoryPressure", "NodeHasInsufficientMemory", "NodeHasSufficientMemory"),
        DISK("DiskPressure", "NodeHasDiskPressure", "NodeHasNoDiskPressure"),
        PID("PIDPressure", "NodeHasInsufficientPID", "NodeHasSufficientPID");

        private final String condition;
        private final String beginning;
        private final String ending;

        Pressure(String condition, String beginning, String ending) {
            this.condition = condition;
            this.beginning = beginning;
            this.ending = ending;
        }

        /** Type of the node's condition. */
        public String condition() {
            return condition;
        }

        /** Reason of the event when it begins or is over. */
        String event(boolean begins) {
            return begins ? beginning : ending;
        }
    }

    private final String text;
    private final String resource;
    private final Pressure pressure;

    Signal(String text, String resource, Pressure pressure) {
        this.text = text;
        this.resource = resource;
        this.pressure = pressure;
    }

    /** The signal of a name as flags write it. */
    public static Signal parse(String name) {
        return Arrays.stream(values())
                .filter(signal -> signal.text.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + name + "\" is no eviction signal; there are "
                        + Arrays.stream(values()).map(signal -> signal.text).collect(Collectors.joining(", "))));
    }

    public String text() {
        return text;
    }

    /** As messages on pods name what is scarce. */
    public String resource() {
        return resource;
    }

    public Pressure pressure() {
        return pressure;
    }

    /** Whether it counts bytes, rather than things. */
    boolean inBytes() {
        return this == MEMORY_AVAILABLE || this == NODEFS_AVAILABLE || this == IMAGEFS_AVAILABLE;
    }
}
