package io.vertikube.apiserver.bootstrap;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.object.JsonTrees;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Reads the tables that the build packs. Pure. */
final class Resource {

    private Resource() {}

    static JsonNode read(String path) {
        try (InputStream in = Resource.class.getClassLoader().getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("the build has left out " + path);
            }
            return JsonTrees.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }
}
