package io.vertikube.scheduler.cycle;

import io.vertikube.scheduler.plugin.Verdict;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** How one scheduling cycle ended. Immutable. */
public sealed interface Decision {

    /**
     * The pod goes to a node.
     *
     * @param evaluated how many nodes were looked at
     * @param feasible how many of them would have done
     */
    record Place(String node, int evaluated, int feasible) implements Decision {}

    /**
     * No node will do.
     *
     * @param nodes how many there are
     * @param verdicts why not, by node
     */
    record None(int nodes, Map<String, Verdict.Unfit> verdicts) implements Decision {

        public None {
            verdicts = Map.copyOf(verdicts);
        }

        /** The rules that said no. */
        public Set<String> plugins() {
            var names = new TreeSet<String>();
            verdicts.values().forEach(verdict -> names.add(verdict.plugin()));
            return names;
        }
    }

    /** No node will do, for a reason that has nothing to do with nodes. */
    record Refused(int nodes, Verdict.Unfit reason) implements Decision {}
}
