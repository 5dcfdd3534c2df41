package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.Json;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where a list goes on: a revision and the last key that was shown, opaque to clients ("Retrieving large results sets in
 * chunks" in the API concepts page). Immutable.
 *
 * @param revision 0 for whatever is the newest when it is used
 * @param after the key within the type, {@code namespace/name} or {@code name}
 */
record ContinueToken(long revision, String after) {

    private static final String FORM = "meta.k8s.io/v1";
    private static final int LONGEST = 2_048;

    /** In the form that clients carry. */
    String encode() {
        var tree = JsonNodeFactory.instance.objectNode();
        tree.put("v", FORM);
        tree.put("rv", revision == 0 ? -1 : revision);
        tree.put("start", after + "\0");
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(tree));
    }

    /** Reads a token; 400 for anything that is none. */
    static ContinueToken decode(String text) {
        try {
            if (text.length() > LONGEST) {
                throw new IllegalArgumentException("too long");
            }
            JsonNode tree = Json.tree(Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1)));
            String start = tree.path("start").asText("");
            long revision = tree.path("rv").asLong(0);
            if (!tree.path("v").asText("").equals(FORM) || start.length() < 2 || revision == 0) {
                throw new IllegalArgumentException("not of this server");
            }
            String after = start.endsWith("\0") ? start.substring(0, start.length() - 1) : start;
            if (after.startsWith("/") || after.contains("..")) {
                throw new IllegalArgumentException("no key");
            }
            return new ContinueToken(Math.max(revision, 0), after);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw ApiErrors.badRequest(
                    "invalid continue token: continue key is not valid: it is no token that a list has given out");
        }
    }
}
