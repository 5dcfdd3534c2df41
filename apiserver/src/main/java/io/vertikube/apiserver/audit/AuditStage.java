package io.vertikube.apiserver.audit;

/** When in a request's life an event is made. */
enum AuditStage {
    REQUEST_RECEIVED("RequestReceived"),
    RESPONSE_STARTED("ResponseStarted"),
    RESPONSE_COMPLETE("ResponseComplete"),
    PANIC("Panic");

    private final String text;

    AuditStage(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
