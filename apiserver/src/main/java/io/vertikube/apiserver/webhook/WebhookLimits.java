package io.vertikube.apiserver.webhook;

import java.time.Duration;

/**
 * What calling webhooks may cost. Immutable.
 *
 * @param answerBytes the longest answer that is read
 * @param connectionsPerHost open at once to one webhook; more calls wait
 * @param connectTimeout for the connection alone, within the time of the call
 */
public record WebhookLimits(int answerBytes, int connectionsPerHost, Duration connectTimeout) {

    public static final WebhookLimits DEFAULT = new WebhookLimits(16 << 20, 32, Duration.ofSeconds(10));
}
