package io.vertikube.object;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code managedFields}, or passes them over where the reader asked for that. Safe for any thread. */
final class ManagersReader extends JsonDeserializer<List<ManagedFieldsEntry>> {

    /** The attribute of a reader that does without them. */
    static final String LEFT_OUT = "managedFields left out";

    /** Where fabric8's metadata has them. */
    abstract static class Place {
        @JsonDeserialize(using = ManagersReader.class)
        @Nullable
        List<ManagedFieldsEntry> managedFields;
    }

    @Override
    public List<ManagedFieldsEntry> deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (context.getAttribute(LEFT_OUT) != null) {
            parser.skipChildren();
            return List.of();
        }
        JavaType entries = context.getTypeFactory().constructCollectionType(List.class, ManagedFieldsEntry.class);
        return context.readValue(parser, entries);
    }
}
