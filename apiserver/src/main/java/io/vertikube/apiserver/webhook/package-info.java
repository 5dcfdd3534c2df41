/**
 * Asking somebody else over HTTPS: where a webhook is ({@link io.vertikube.apiserver.webhook.WebhookTarget}), how a
 * Service leads to an address, and the call itself ({@link io.vertikube.apiserver.webhook.WebhookClient}). Knows nothing
 * of what is asked; conversion and admission do.
 */
@NullMarked
package io.vertikube.apiserver.webhook;

import org.jspecify.annotations.NullMarked;
