package io.vertikube.apiserver.table;

import java.util.Map;
import java.util.StringJoiner;

/** The groups {@code scheduling.k8s.io}, {@code coordination.k8s.io}, {@code node.k8s.io} and {@code resource.k8s.io}. Pure. */
final class SchedulingColumns {

    private SchedulingColumns() {}

    static void addTo(Map<String, Columns> known) {
        known.put(
                "scheduling.k8s.io/priorityclasses",
                Columns.named()
                        .number("Value", "The priority.", row -> row.number("value"))
                        .flag(
                                "Global-Default",
                                "Whether pods without a class have it.",
                                row -> row.flag("globalDefault"))
                        .age()
                        .text(
                                "PreemptionPolicy",
                                "Whether pods of it drive others out.",
                                row -> row.text("preemptionPolicy"))
                        .build());
        known.put(
                "coordination.k8s.io/leases",
                Columns.named()
                        .text("Holder", "Who holds it.", row -> row.text("spec.holderIdentity"))
                        .age()
                        .build());
        known.put(
                "node.k8s.io/runtimeclasses",
                Columns.named()
                        .text("Handler", "Configuration of the container runtime.", row -> row.text("handler"))
                        .age()
                        .build());
        String devices = "resource.k8s.io/";
        known.put(devices + "deviceclasses", Columns.named().age().build());
        known.put(devices + "resourceclaimtemplates", Columns.named().age().build());
        known.put(
                devices + "resourceclaims",
                Columns.named()
                        .text("State", "What happened to it.", SchedulingColumns::claimState)
                        .age()
                        .build());
        known.put(
                devices + "resourceslices",
                Columns.named()
                        .text("Node", "Node that has the devices.", row -> row.text("spec.nodeName", Row.UNSET))
                        .text("Driver", "Driver of the devices.", row -> row.text("spec.driver"))
                        .text("Pool", "Pool of the devices.", row -> row.text("spec.pool.name"))
                        .age()
                        .build());
        known.put(devices + "devicetaintrules", Columns.named().age().build());
    }

    private static String claimState(Row claim) {
        var states = new StringJoiner(",");
        states.setEmptyValue("pending");
        if (claim.has("metadata.deletionTimestamp")) {
            states.add("deleted");
        }
        if (claim.has("status.allocation")) {
            states.add("allocated");
        }
        if (claim.count("status.reservedFor") > 0) {
            states.add("reserved");
        }
        return states.toString();
    }
}
