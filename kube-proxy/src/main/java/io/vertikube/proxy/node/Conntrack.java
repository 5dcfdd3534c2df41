package io.vertikube.proxy.node;

import io.vertikube.proxy.rules.ElementSet;
import io.vertikube.proxy.rules.TableState;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes UDP flows forget where they were sent: the kernel decides once for a flow, and a client that keeps sending keeps
 * it alive. Needs the program {@code conntrack}; without it such flows end by themselves after 30 s of silence. Confined
 * to the thread that synchronizes.
 */
public final class Conntrack {

    private static final Logger LOG = LoggerFactory.getLogger(Conntrack.class);
    private static final int MOST_DELETIONS = 500;

    /**
     * A flow to forget. Immutable.
     *
     * @param address where the client sends, or empty for any of the node's
     * @param endpoint where it was turned to, or empty for any
     */
    public record Flow(String address, String port, String endpoint) {}

    private final Programs programs;
    private boolean warned;

    public Conntrack(Programs programs) {
        this.programs = programs;
    }

    /**
     * The UDP flows whose decision a change of the table makes stale: those to an endpoint that is gone, and those to a
     * place that was not served before. Pure.
     */
    public static Set<Flow> stale(TableState before, TableState after) {
        var flows = new LinkedHashSet<Flow>();
        before.sets().forEach((name, set) -> {
            if (name.startsWith("ep_") || name.startsWith("np_") || name.startsWith("hostports")) {
                gone(flows, name, set, after);
            }
        });
        for (String name : List.of("services", "nodeports", "hostports", "hostports_at")) {
            ElementSet old = before.sets().get(name);
            ElementSet now = after.sets().get(name);
            if (old != null && now != null) {
                now.elements().forEach((key, value) -> {
                    if (key.contains("udp . ")
                            && (!old.elements().containsKey(key)
                                    || isClosed(old.elements().get(key)))) {
                        flows.add(flow(key, ""));
                    }
                });
            }
        }
        return flows;
    }

    /** Forgets them, as far as the machine has the program. */
    public void forget(Set<Flow> flows) {
        int left = MOST_DELETIONS;
        for (Flow flow : flows) {
            if (left-- == 0) {
                LOG.warn(
                        "{} UDP flows to forget, only {} done; the others end when they fall silent",
                        flows.size(),
                        MOST_DELETIONS);
                return;
            }
            var command = new ArrayList<>(List.of("conntrack", "-D", "-p", "udp", "--dport", flow.port()));
            if (!flow.address().isEmpty()) {
                command.addAll(List.of("--orig-dst", flow.address()));
            }
            if (!flow.endpoint().isEmpty()) {
                command.addAll(List.of("--reply-src", flow.endpoint()));
            }
            try {
                programs.run(command, "");
            } catch (Programs.ProgramException e) {
                if (!warned) {
                    warned = true;
                    LOG.warn("UDP flows keep old endpoints until they fall silent: {}", e.getMessage());
                }
                return;
            }
        }
    }

    private static void gone(Set<Flow> flows, String name, ElementSet set, TableState after) {
        boolean spread = !name.startsWith("hostports");
        set.elements().forEach((key, target) -> {
            if (!key.contains("udp . ")) {
                return;
            }
            String place = spread ? key.substring(0, key.lastIndexOf(" . ")) : key;
            if (!stillThere(name, place, target, after)) {
                flows.add(flow(place, target.substring(0, target.indexOf(' '))));
            }
        });
    }

    private static boolean stillThere(String name, String place, String target, TableState after) {
        if (name.startsWith("hostports")) {
            ElementSet now = after.sets().get(name);
            return now != null && target.equals(now.elements().get(place));
        }
        String prefix = name.substring(0, name.indexOf('_') + 1);
        for (var set : after.sets().tailMap(prefix).entrySet()) {
            if (!set.getKey().startsWith(prefix)) {
                break;
            }
            int count = Integer.parseInt(set.getKey().substring(prefix.length()));
            for (int i = 0; i < count; i++) {
                String found = set.getValue().elements().get(place + " . " + i);
                if (found == null) {
                    break;
                }
                if (found.equals(target)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isClosed(String verdict) {
        return verdict.equals("drop") || verdict.equals("goto refuse");
    }

    /** Reads {@code [address . ]udp . port}. */
    private static Flow flow(String place, String endpoint) {
        String[] parts = place.split(" \\. ", -1);
        return parts.length == 3 ? new Flow(parts[0], parts[2], endpoint) : new Flow("", parts[1], endpoint);
    }
}
