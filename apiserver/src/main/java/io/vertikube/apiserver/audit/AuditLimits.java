package io.vertikube.apiserver.audit;

import java.time.Duration;

/**
 * What auditing may hold and wait for. Immutable.
 *
 * @param waiting events that may wait to be written before requests wait for them
 * @param webhookBuffer events that may wait for the webhook; more are dropped
 * @param webhookBatch most events of one request
 * @param webhookWait longest that an event waits for company
 * @param webhookBackoff before the second try; doubled for each further one
 */
public record AuditLimits(
        int waiting,
        int webhookBuffer,
        int webhookBatch,
        Duration webhookWait,
        Duration webhookBackoff,
        int webhookTries) {

    public static final AuditLimits DEFAULT =
            new AuditLimits(10_000, 10_000, 400, Duration.ofSeconds(30), Duration.ofSeconds(10), 5);

    public AuditLimits withWebhook(int batch, Duration wait, Duration backoff) {
        return new AuditLimits(waiting, webhookBuffer, batch, wait, backoff, webhookTries);
    }
}
