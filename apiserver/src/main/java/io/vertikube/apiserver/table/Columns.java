package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The columns of a kind, in order. Immutable. */
public record Columns(List<Column> list) {

    public Columns {
        list = List.copyOf(list);
    }

    /** For kinds that say nothing: name and time of creation. */
    static Columns plain() {
        return named().createdAt().build();
    }

    /**
     * From a CustomResourceDefinition's {@code additionalPrinterColumns}: the name, then those; without any, name and age.
     */
    public static Columns fromPrinterColumns(JsonNode additionalPrinterColumns) {
        if (additionalPrinterColumns.isEmpty()) {
            return named().column("Age", "date", "Time since the object was created.", Row::age)
                    .build();
        }
        var columns = named();
        for (JsonNode column : additionalPrinterColumns) {
            columns.add(PrinterColumn.of(column));
        }
        return columns.build();
    }

    static Builder builder() {
        return new Builder();
    }

    static Builder named() {
        return builder().add(name(0, row -> row.text("metadata.name")));
    }

    static Column name(int priority, Column.Cell cell) {
        return new Column("Name", "string", "name", "Name of the object, unique in its namespace.", priority, cell);
    }

    /** Collects columns in order. Confined to one thread. */
    static final class Builder {
        private final List<Column> list = new ArrayList<>();

        Builder add(Column column) {
            list.add(column);
            return this;
        }

        Builder column(String name, String type, String description, Column.Cell cell) {
            return add(new Column(name, type, "", description, 0, cell));
        }

        Builder text(String name, String description, Column.Cell cell) {
            return column(name, "string", description, cell);
        }

        Builder number(String name, String description, Column.Cell cell) {
            return column(name, "integer", description, cell);
        }

        Builder flag(String name, String description, Column.Cell cell) {
            return column(name, "boolean", description, cell);
        }

        Builder wide(String name, String description, Column.Cell cell) {
            return add(new Column(name, "string", "", description, 1, cell));
        }

        Builder age() {
            return text("Age", "Time since the object was created.", Row::age);
        }

        Builder createdAt() {
            return column(
                    "Created At",
                    "date",
                    "Time the object was created.",
                    row -> row.text("metadata.creationTimestamp"));
        }

        /** The containers and images of a pod template at this path. */
        Builder containers(String podSpec) {
            return wide("Containers", "Names of the containers.", row -> row.names(podSpec + ".containers", "name"))
                    .wide("Images", "Images of the containers.", row -> row.names(podSpec + ".containers", "image"));
        }

        Builder selector(String path) {
            return wide("Selector", "Which pods belong to the object.", row -> Labels.selector(row.at(path)));
        }

        Columns build() {
            return new Columns(list);
        }
    }
}
