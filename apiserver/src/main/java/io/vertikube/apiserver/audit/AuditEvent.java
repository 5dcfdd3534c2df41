package io.vertikube.apiserver.audit;

import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.front.Answer;
import io.vertikube.apiserver.front.RequestInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request at a stage, before it is written down. Immutable; it holds bodies that nobody changes any
 * more.
 *
 * @param subject what does not change from stage to stage
 * @param code 0 as long as there is none
 * @param sent the request's body, null if it is not told or not there
 * @param answer what was answered as a whole, null for what is streamed
 * @param message of a refusal that never became an answer of its own; empty otherwise
 */
@SuppressWarnings("ArrayRecordComponent") // the body as it arrived, compared with nothing
record AuditEvent(
        Subject subject,
        AuditRule rule,
        AuditStage stage,
        Instant at,
        int code,
        byte @Nullable [] sent,
        @Nullable Answer answer,
        String message,
        Map<String, String> annotations) {

    /**
     * The request itself.
     *
     * @param user who showed the credentials, null if nobody known did
     * @param impersonated as whom they act, null if as themselves
     */
    record Subject(
            String id,
            RequestInfo info,
            String uri,
            @Nullable UserInfo user,
            @Nullable UserInfo impersonated,
            List<String> sourceIps,
            String userAgent,
            String contentType,
            Instant received) {}
}
