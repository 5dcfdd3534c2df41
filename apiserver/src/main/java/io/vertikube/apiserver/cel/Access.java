package io.vertikube.apiserver.cel;

/** Whom {@code authorizer} in expressions asks what somebody may do. Safe for any thread, never blocks. */
public interface Access {

    /**
     * A question about a resource; what is not asked about is empty.
     *
     * @param verb as in the API: {@code get}, {@code list}, …
     */
    record Question(String verb, String group, String resource, String subresource, String namespace, String name) {}

    /** The answer, with a reason for people. */
    record Answer(boolean allowed, String reason) {}

    Answer resource(Question question);

    /** @param verb the HTTP method in lower case */
    Answer path(String path, String verb);

    /** The same questions asked for a service account. */
    Access of(String namespace, String serviceAccount);
}
