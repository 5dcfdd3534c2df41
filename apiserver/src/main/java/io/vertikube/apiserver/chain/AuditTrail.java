package io.vertikube.apiserver.chain;

import io.vertikube.apiserver.front.Call;

/** Told of every request once it is known who makes it, before it is decided whether they may. Must not block. */
@FunctionalInterface
public interface AuditTrail {

    /** Keeps nothing; the request log line at debug level is written by the call itself. */
    AuditTrail NONE = (call, id) -> {};

    /**
     * @param id the request's {@code Audit-ID}
     */
    void received(Call call, String id);
}
