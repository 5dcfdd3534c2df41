package io.vertikube.apiserver.admission.podsecurity;

/** What in a pod a level forbids: {@code privileged (container "c" must not set …)}. Immutable. */
public record Violation(String reason, String detail) {

    @Override
    public String toString() {
        return detail.isEmpty() ? reason : reason + " (" + detail + ")";
    }
}
