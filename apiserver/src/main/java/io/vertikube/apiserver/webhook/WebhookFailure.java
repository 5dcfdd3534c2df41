package io.vertikube.apiserver.webhook;

/** A webhook that could not be asked or did not answer as it should; the message says why, in Kubernetes' words. */
public final class WebhookFailure extends Exception {
    private static final long serialVersionUID = 1L;

    public WebhookFailure(String message) {
        super(message);
    }
}
