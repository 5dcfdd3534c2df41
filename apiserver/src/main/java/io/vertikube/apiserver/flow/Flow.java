package io.vertikube.apiserver.flow;

import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.RequestInfo;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

/** A flow schema with its level at work, and how both are told in answers. Safe for any thread. */
record Flow(FlowSchema schema, Level level, FlowMeter meter, CharSequence schemaUid, CharSequence levelUid) {

    private static final CharSequence SCHEMA = HttpHeaders.createOptimized("X-Kubernetes-PF-FlowSchema-UID");
    private static final CharSequence LEVEL = HttpHeaders.createOptimized("X-Kubernetes-PF-PriorityLevel-UID");

    static Flow of(FlowSchema schema, Level level, FlowMeter meter) {
        return new Flow(
                schema,
                level,
                meter,
                HttpHeaders.createOptimized(schema.uid()),
                HttpHeaders.createOptimized(level.rule().uid()));
    }

    boolean matches(UserInfo user, RequestInfo info) {
        return schema.matches(user, info);
    }

    /** Tells the client by which rules its request was judged. */
    void mark(Call call) {
        if (schemaUid.length() > 0) {
            MultiMap headers = call.request().response().headers();
            headers.set(SCHEMA, schemaUid);
            headers.set(LEVEL, levelUid);
        }
    }
}
