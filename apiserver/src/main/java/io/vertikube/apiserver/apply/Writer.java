package io.vertikube.apiserver.apply;

import io.vertikube.object.Gvk;
import java.time.Instant;
import java.util.List;

/**
 * Who writes, and as what. Immutable.
 *
 * @param manager the field manager's name; {@code unknown} stands for an empty one
 * @param subresource such as {@code status} or {@code scale}; empty for the object itself
 * @param type the kind and version that the writer speaks
 * @param statusApart whether the kind has a status subresource, so that writes to the object do not reach its status
 * @param outOfReach fields of metadata that a write of the status does not reach
 */
public record Writer(
        String manager, String subresource, Gvk type, boolean statusApart, List<String> outOfReach, Instant now) {

    public Writer {
        manager = manager.isEmpty() ? "unknown" : manager;
        outOfReach = List.copyOf(outOfReach);
    }

    /** The fields of the object that this writer cannot reach, so that it never manages them. */
    FieldSet ignored() {
        if (subresource.equals("status")) {
            FieldSet ignored = FieldSet.path("f:spec");
            for (String field : outOfReach) {
                ignored = ignored.union(FieldSet.path("f:metadata", "f:" + field));
            }
            return ignored;
        }
        return subresource.isEmpty() && statusApart ? FieldSet.path("f:status") : FieldSet.EMPTY;
    }

    String time() {
        return Managers.written(now);
    }
}
