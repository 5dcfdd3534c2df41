package io.vertikube.apiserver.front;

import io.vertikube.object.ApiErrors;
import java.util.List;

/**
 * The form in which a client wants its answer ("Alternate representations of resources" and "Receiving resources as
 * Tables" in the API concepts page). Immutable.
 *
 * @param version of {@code meta.k8s.io}, for tables and metadata
 */
public record View(Format format, Shape shape, String version) {

    /** How a tree becomes bytes. */
    public enum Format {
        JSON("application/json"),
        YAML("application/yaml");

        private final String mediaType;

        Format(String mediaType) {
            this.mediaType = mediaType;
        }

        public String mediaType() {
            return mediaType;
        }
    }

    /** How much of an object is shown. */
    public enum Shape {
        OBJECT,
        TABLE,
        METADATA
    }

    public static final View JSON = new View(Format.JSON, Shape.OBJECT, "");

    /** Whether stored bytes can be the answer as they are. */
    public boolean isPlainJson() {
        return format == Format.JSON && shape == Shape.OBJECT;
    }

    /**
     * Chooses by an Accept header; none means JSON.
     *
     * @throws io.vertikube.object.ApiException 406 if nothing in it can be served
     */
    public static View of(String accept) {
        List<MediaType> ranges = MediaType.accept(accept);
        if (ranges.isEmpty()) {
            return JSON;
        }
        for (MediaType range : ranges) {
            Format format = range.covers("application/json")
                    ? Format.JSON
                    : range.covers("application/yaml") ? Format.YAML : null;
            if (format == null) {
                continue;
            }
            String version = range.parameter("v");
            boolean ours =
                    range.parameter("g").equals("meta.k8s.io") && (version.equals("v1") || version.equals("v1beta1"));
            switch (range.parameter("as")) {
                case "" -> {
                    return new View(format, Shape.OBJECT, "");
                }
                case "Table" -> {
                    if (ours) {
                        return new View(format, Shape.TABLE, version);
                    }
                }
                case "PartialObjectMetadata", "PartialObjectMetadataList" -> {
                    if (ours) {
                        return new View(format, Shape.METADATA, version);
                    }
                }
                default -> {}
            }
        }
        throw notAcceptable();
    }

    /** As {@link #of}, but whoever cannot be pleased gets JSON: for errors, which must reach the client. */
    public static View orJson(String accept) {
        for (MediaType range : MediaType.accept(accept)) {
            if (range.covers("application/json")) {
                return JSON;
            }
            if (range.covers("application/yaml")) {
                return new View(Format.YAML, Shape.OBJECT, "");
            }
        }
        return JSON;
    }

    public static io.vertikube.object.ApiException notAcceptable() {
        return ApiErrors.notAcceptable(
                "only the following media types are accepted: application/json, application/yaml");
    }
}
