package io.vertikube.apiserver.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Where events end up. Called by one thread at a time; {@link #close} after the last event. */
interface AuditSink extends AutoCloseable {

    void write(ObjectNode event);

    /** Nothing more is there to write for now. */
    void flush();

    @Override
    void close();
}
