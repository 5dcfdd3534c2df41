package io.vertikube.apiserver.front;

import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form in which a client wants its answer ("Alternate representations of resources" and "Receiving resources as
 * Tables" in the API concepts page). Immutable.
 *
 * @param version of {@code meta.k8s.io}, for tables and metadata
 * @param pretty JSON for people: indented
 */
public record View(Format format, Shape shape, String version, boolean pretty) {

    /** How a tree becomes bytes. */
    public enum Format {
        JSON("application/json"),
        YAML("application/yaml"),
        PROTOBUF("application/vnd.kubernetes.protobuf");

        private final String mediaType;

        Format(String mediaType) {
            this.mediaType = mediaType;
        }

        public String mediaType() {
            return mediaType;
        }
    }

    /** How much of an object is shown; one object's metadata and that of a list are asked for by different names. */
    public enum Shape {
        OBJECT,
        TABLE,
        METADATA,
        METADATA_LIST
    }

    public static final View JSON = new View(Format.JSON, Shape.OBJECT, "", false);

    /** Everything that an endpoint may offer. */
    private static final Offer EVERYTHING = new Offer(true, true);

    /** Whether stored bytes can be the answer as they are. */
    public boolean isPlainJson() {
        return format == Format.JSON && shape == Shape.OBJECT && !pretty;
    }

    /** Whether metadata cut out of stored bytes can be the answer. */
    public boolean isPlainMetadata() {
        boolean metadata = shape == Shape.METADATA || shape == Shape.METADATA_LIST;
        return format == Format.JSON && metadata && !pretty;
    }

    /** Whether stored bytes, or a part of them, can be the answer. */
    public boolean isBytes() {
        return isPlainJson() || isPlainMetadata();
    }

    /** The same without a table and the like. */
    public View ofObject() {
        return shape == Shape.OBJECT ? this : new View(format, Shape.OBJECT, "", pretty);
    }

    /** The same for people. */
    View prettily() {
        return format == Format.JSON ? new View(format, shape, version, true) : this;
    }

    /** As {@link #of(String, Offer)} for an endpoint that can answer in every form. */
    public static View of(String accept) {
        return of(accept, EVERYTHING);
    }

    /**
     * Chooses by an Accept header; none means JSON.
     *
     * @throws ApiException 406 if nothing in it can be served
     */
    public static View of(String accept, Offer offer) {
        if (accept.isBlank() || accept.equals("application/json")) {
            return JSON;
        }
        List<MediaType> ranges = MediaType.accept(accept);
        for (MediaType range : ranges) {
            for (Format format : Format.values()) {
                View chosen = range.covers(format.mediaType()) ? chosen(range, format, offer) : null;
                if (chosen != null) {
                    return chosen;
                }
            }
        }
        throw notAcceptable();
    }

    private static @Nullable View chosen(MediaType range, Format format, Offer offer) {
        String version = range.parameter("v");
        boolean ours = offer.otherShapes()
                && range.parameter("g").equals("meta.k8s.io")
                && (version.equals("v1") || version.equals("v1beta1"));
        boolean binary = format == Format.PROTOBUF;
        boolean pretty = range.parameter("pretty").equals("1") && format == Format.JSON;
        return switch (range.parameter("as")) {
            case "" -> binary && !offer.objectsInProtobuf() ? null : new View(format, Shape.OBJECT, "", pretty);
            case "Table" -> ours && !binary ? new View(format, Shape.TABLE, version, pretty) : null;
            case "PartialObjectMetadata" -> ours ? new View(format, Shape.METADATA, version, pretty) : null;
            case "PartialObjectMetadataList" -> ours ? new View(format, Shape.METADATA_LIST, version, pretty) : null;
            default -> null;
        };
    }

    /** As {@link #of}, but whoever cannot be pleased gets JSON: for errors, which must reach the client. */
    public static View orJson(String accept) {
        try {
            return of(accept, Offer.STATUS);
        } catch (ApiException nothing) {
            return JSON;
        }
    }

    public static ApiException notAcceptable() {
        return ApiErrors.notAcceptable("only the following media types are accepted: application/json,"
                + " application/yaml, application/vnd.kubernetes.protobuf");
    }
}
