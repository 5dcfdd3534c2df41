package io.vertikube.apiserver.openapi;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A finished OpenAPI document, kept compressed because it is large and mostly sent so. Immutable.
 *
 * @param gzip the document as {@code Content-Encoding: gzip}; shared, not to be changed
 * @param hash names the content; the {@code hash} of the index, and good as an ETag
 */
@SuppressWarnings("ArrayRecordComponent") // Two documents are compared by their hash.
public record Document(byte[] gzip, String hash) {

    static Document of(byte[] bytes, String hash) {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot pack a document", e);
        }
        return new Document(packed.toByteArray(), hash);
    }

    /** The document as it is without an encoding. */
    public byte[] bytes() {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack a document", e);
        }
    }
}
