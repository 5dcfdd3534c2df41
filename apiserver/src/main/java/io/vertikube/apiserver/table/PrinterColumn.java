package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A column that a CustomResourceDefinition describes by a simple JSONPath. Pure. */
final class PrinterColumn {

    private PrinterColumn() {}

    static Column of(JsonNode column) {
        JsonPath path = JsonPath.parse(column.path("jsonPath").asText());
        String type = column.path("type").asText("string");
        String description = column.path("description").asText();
        return new Column(
                column.path("name").asText(),
                type,
                column.path("format").asText(),
                description.isEmpty()
                        ? "Custom resource definition column (in JSONPath format): "
                                + column.path("jsonPath").asText()
                        : description,
                column.path("priority").asInt(),
                row -> cell(row, path, type));
    }

    /** A value that is not of the column's type leaves the cell empty. */
    private static @Nullable Object cell(Row row, JsonPath path, String type) {
        List<JsonNode> found = path.find(row.object());
        if (found.isEmpty() || found.getFirst().isNull()) {
            return null;
        }
        JsonNode value = found.getFirst();
        return switch (type) {
            case "integer" -> value.isNumber() ? (Object) value.asLong() : null;
            case "number" -> value.isNumber() ? (Object) value.asDouble() : null;
            case "boolean" -> value.isBoolean() ? (Object) value.asBoolean() : null;
            case "date" -> value.isTextual() ? row.since(value) : null;
            default -> value.isContainerNode() ? value.toString() : value.asText();
        };
    }
}
