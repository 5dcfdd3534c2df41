package io.vertikube.scheduler.plugin;

import java.util.List;

/** The rules in the order in which nodes are checked, the cheap ones first. */
public final class Plugins {

    private static final List<Plugin> ALL = List.of(
            new SchedulingGates(),
            new DynamicResources(),
            new NodeUnschedulable(),
            new NodeName(),
            new TaintToleration(),
            new NodeAffinity(),
            new NodePorts(),
            new NodeResourcesFit(),
            new NodeResourcesBalancedAllocation(),
            new VolumeBinding(),
            new PodTopologySpread(),
            new InterPodAffinity(),
            new ImageLocality());

    private Plugins() {}

    public static List<Plugin> all() {
        return ALL;
    }
}
