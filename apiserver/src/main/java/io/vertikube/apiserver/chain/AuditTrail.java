package io.vertikube.apiserver.chain;

import io.vertikube.apiserver.authz.Decision;
import io.vertikube.apiserver.front.Call;
import io.vertikube.object.ApiException;

/** Told of every request, on its event loop. */
public interface AuditTrail {

    /** Keeps nothing; the request log line at debug level is written by the call itself. */
    AuditTrail NONE = new AuditTrail() {
        @Override
        public void received(Call call, String id) {}

        @Override
        public void refused(Call call, String id, ApiException why) {}

        @Override
        public void decided(Call call, Decision decision) {}
    };

    /**
     * It is known who makes the request, and not yet whether they may.
     *
     * @param id the request's {@code Audit-ID}
     */
    void received(Call call, String id);

    /** It is not known who makes the request, or they may not act as whom they want to. */
    void refused(Call call, String id, ApiException why);

    /** It is known whether they may. */
    void decided(Call call, Decision decision);
}
