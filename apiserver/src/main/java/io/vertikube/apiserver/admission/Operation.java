package io.vertikube.apiserver.admission;

/** What a request does to its object. */
public enum Operation {
    CREATE,
    UPDATE,
    DELETE,
    CONNECT
}
