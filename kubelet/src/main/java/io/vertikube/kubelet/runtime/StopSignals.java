package io.vertikube.kubelet.runtime;

import java.util.ArrayList;
import java.util.List;

/** The signals that a container may be stopped by, as pods name them and as runtimes count them. Pure functions. */
public final class StopSignals {

    private static final List<String> NAMES = names();

    private StopSignals() {}

    public static boolean isKnown(String name) {
        return NAMES.contains(name);
    }

    /** Its number in the runtime interface, which is not the kernel's; 0 for none of them. */
    public static int number(String name) {
        return NAMES.indexOf(name) + 1;
    }

    /** What the runtime interface counts so; empty for 0, and for one that came later. */
    public static String name(int number) {
        return number < 1 || number > NAMES.size() ? "" : NAMES.get(number - 1);
    }

    private static List<String> names() {
        List<String> result = new ArrayList<>();
        for (String name :
                ("ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT"
                                + " STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN")
                        .split(" ")) {
            result.add("SIG" + name);
        }
        for (int i = 1; i <= 15; i++) {
            result.add("SIGRTMIN+" + i);
        }
        for (int i = 14; i >= 1; i--) {
            result.add("SIGRTMAX-" + i);
        }
        result.add("SIGRTMAX");
        return List.copyOf(result);
    }
}
