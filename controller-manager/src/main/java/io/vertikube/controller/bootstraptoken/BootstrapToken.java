package io.vertikube.controller.bootstraptoken;

import io.fabric8.kubernetes.api.model.Secret;
import io.vertikube.controller.workload.Fields;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a Secret of type {@code bootstrap.kubernetes.io/token} says. Immutable.
 *
 * @param expires empty where it never does
 * @param signs whether it may sign {@code cluster-info}
 * @see <a href="https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/">Bootstrap tokens</a>
 */
record BootstrapToken(String id, String secret, Optional<Instant> expires, boolean signs) {
    static final String TYPE = "bootstrap.kubernetes.io/token";
    static final String NAMESPACE = "kube-system";

    private static final String NAME_PREFIX = "bootstrap-token-";
    private static final Pattern ID = Pattern.compile("[a-z0-9]{6}");
    private static final Pattern SECRET = Pattern.compile("[a-z0-9]{16}");

    /** The token of a Secret; empty if the Secret is none, or is not one that can be used. */
    static Optional<BootstrapToken> of(Secret secret) {
        String id = text(secret, "token-id");
        String key = text(secret, "token-secret");
        boolean valid = TYPE.equals(secret.getType())
                && ID.matcher(id).matches()
                && SECRET.matcher(key).matches()
                && secret.getMetadata().getName().equals(NAME_PREFIX + id)
                && secret.getMetadata().getDeletionTimestamp() == null;
        if (!valid) {
            return Optional.empty();
        }
        boolean signs = "true".equals(text(secret, "usage-bootstrap-signing"));
        return expiry(secret).map(end -> new BootstrapToken(id, key, end, signs));
    }

    /** When a Secret ends, {@code Optional.of(empty)} where it does not; empty if what it says is no time. */
    static Optional<Optional<Instant>> expiry(Secret secret) {
        String expiration = text(secret, "expiration");
        if (expiration.isEmpty()) {
            return Optional.of(Optional.empty());
        }
        try {
            return Optional.of(Optional.of(OffsetDateTime.parse(expiration).toInstant()));
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }

    boolean expiredAt(Instant now) {
        return expires.filter(end -> !end.isAfter(now)).isPresent();
    }

    private static String text(Secret secret, String key) {
        Map<String, String> data = Fields.map(secret.getData());
        try {
            return new String(Base64.getDecoder().decode(data.getOrDefault(key, "")), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            return "";
        }
    }
}
