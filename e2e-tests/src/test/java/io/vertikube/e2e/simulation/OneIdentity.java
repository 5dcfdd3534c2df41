package io.vertikube.e2e.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Of one identity of a StatefulSet never two run, whichever nodes they run on and whatever the API knows of them. Nodes
 * say what they start and end. Safe for any thread.
 */
final class OneIdentity implements Invariant {

    private record Running(String uid, String node) {}

    private final Map<ObjectId, Running> running = new HashMap<>();
    private final List<Finding> found = new ArrayList<>();

    @Override
    public String name() {
        return "one identity";
    }

    /** Containers of a StatefulSet's pod start on a node. */
    synchronized void started(ObjectId pod, String uid, String node) {
        Running other = running.put(pod, new Running(uid, node));
        if (other != null && !other.uid.equals(uid)) {
            found.add(new Finding(
                    pod, uid + " starts on " + node + " while " + other.uid + " still runs on " + other.node));
        }
    }

    /** They have ended. */
    synchronized void ended(ObjectId pod, String uid) {
        Running known = running.get(pod);
        if (known != null && known.uid.equals(uid)) {
            running.remove(pod);
        }
    }

    @Override
    public synchronized List<Finding> settled(State state) {
        List<Finding> seen = List.copyOf(found);
        found.clear();
        return seen;
    }
}
