package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.storage.StoredObject;
import io.vertx.core.buffer.Buffer;

/**
 * An object's metadata alone, cut out of its stored bytes: nothing is parsed, so that those who follow every object of a
 * cluster for its owners cost little. Pure.
 */
final class Partial {

    private Partial() {}

    /** Appends a PartialObjectMetadata of {@code meta.k8s.io} in a version, at a revision. */
    static void append(Buffer out, StoredObject object, long revision, String version) {
        byte[] json = object.json();
        int from = object.splice();
        int end = end(json, from);
        out.appendString("{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/")
                .appendString(version)
                .appendString("\",\"metadata\":{\"resourceVersion\":\"")
                .appendString(Long.toString(revision))
                .appendString(json[from] == '}' ? "\"" : "\",")
                .appendBytes(json, from, end - from)
                .appendByte((byte) '}');
    }

    /** The offset right after the brace that closes the object within which {@code from} is. */
    static int end(byte[] json, int from) {
        int open = 1;
        for (int i = from; i < json.length; i++) {
            switch (json[i]) {
                case '{' -> open++;
                case '}' -> {
                    open--;
                    if (open == 0) {
                        return i + 1;
                    }
                }
                case '"' -> i = closingQuote(json, i + 1);
                default -> {}
            }
        }
        throw new IllegalStateException("stored JSON that ends within an object");
    }

    private static int closingQuote(byte[] json, int from) {
        int i = from;
        while (json[i] != '"') {
            i += json[i] == '\\' ? 2 : 1;
        }
        return i;
    }
}
