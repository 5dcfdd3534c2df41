package io.vertikube.apiserver.front;

/**
 * In which forms an endpoint can answer, beside JSON and YAML. Immutable.
 *
 * @param objectsInProtobuf whether its objects have a protobuf form
 * @param otherShapes whether it can show a table, or metadata alone, in place of its objects
 */
public record Offer(boolean objectsInProtobuf, boolean otherShapes) {

    /** What is told of a refusal and of the server itself. */
    public static final Offer STATUS = new Offer(true, false);
}
