package io.vertikube.service;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;

/** A command whose config file has a shape of its own rather than being a map of flags. */
public interface ConfigFileReader {

    /** Whether a file is of that shape; any other is read as flags by name. */
    boolean reads(JsonNode root);

    /**
     * What it says, as values of flags by their names without dashes; an {@link IllegalArgumentException} names what
     * cannot be.
     *
     * @param known the command's flags
     */
    Map<String, String> flags(JsonNode root, Set<String> known);
}
