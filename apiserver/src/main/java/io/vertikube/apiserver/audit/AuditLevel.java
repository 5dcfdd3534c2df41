package io.vertikube.apiserver.audit;

/** How much of a request is told, from nothing to everything. */
enum AuditLevel {
    NONE("None"),
    METADATA("Metadata"),
    REQUEST("Request"),
    REQUEST_RESPONSE("RequestResponse");

    private final String text;

    AuditLevel(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    boolean tells(AuditLevel wanted) {
        return compareTo(wanted) >= 0;
    }
}
