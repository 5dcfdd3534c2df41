package io.vertikube.apiserver.table;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The columns of the built-in kinds. A new kind is a paragraph in the file of its group. Immutable, safe for any thread. */
public final class BuiltInColumns {

    private static final Map<String, Columns> KNOWN = all();

    private BuiltInColumns() {}

    /** The columns of a resource; versions of a group share them. */
    public static Optional<Columns> of(String group, String plural) {
        return Optional.ofNullable(KNOWN.get(group + "/" + plural));
    }

    private static Map<String, Columns> all() {
        Map<String, Columns> known = new HashMap<>();
        CoreColumns.addTo(known);
        NodeColumns.addTo(known);
        PodColumns.addTo(known);
        ServiceColumns.addTo(known);
        VolumeColumns.addTo(known);
        EventColumns.addTo(known);
        AppsColumns.addTo(known);
        BatchColumns.addTo(known);
        AutoscalingColumns.addTo(known);
        NetworkingColumns.addTo(known);
        StorageColumns.addTo(known);
        RbacColumns.addTo(known);
        ExtensionColumns.addTo(known);
        SchedulingColumns.addTo(known);
        CertificateColumns.addTo(known);
        MetricsColumns.addTo(known);
        return Map.copyOf(known);
    }
}
