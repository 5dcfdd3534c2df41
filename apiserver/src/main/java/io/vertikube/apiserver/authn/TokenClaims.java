package io.vertikube.apiserver.authn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a service account's token says ("Service account tokens" in the Kubernetes documentation). Immutable.
 *
 * @param bound the pod, secret or node it is bound to, or null
 * @param node the node of a bound pod, or null
 */
record TokenClaims(
        String namespace,
        Ref serviceAccount,
        String boundKind,
        @Nullable Ref bound,
        @Nullable Ref node,
        List<String> audiences,
        long expiresAtSeconds,
        String id) {

    static final String CLAIM = "kubernetes.io";
    static final String PREFIX = "system:serviceaccount:";

    /** An object by name and identity. */
    record Ref(String name, String uid) {

        Map<String, Object> toMap() {
            var map = new HashMap<String, Object>();
            map.put("name", name);
            map.put("uid", uid);
            return map;
        }

        static @Nullable Ref of(@Nullable Object claim) {
            return claim instanceof Map<?, ?> map && map.get("name") instanceof String name
                    ? new Ref(name, map.get("uid") instanceof String uid ? uid : "")
                    : null;
        }
    }

    UserInfo user() {
        var extra = new HashMap<String, List<String>>();
        if (!id.isEmpty()) {
            extra.put("authentication.kubernetes.io/credential-id", List.of("JTI=" + id));
        }
        if (bound != null && boundKind.equals("pod")) {
            extra.put("authentication.kubernetes.io/pod-name", List.of(bound.name));
            extra.put("authentication.kubernetes.io/pod-uid", List.of(bound.uid));
        }
        @Nullable Ref on = boundKind.equals("node") ? bound : node;
        if (on != null) {
            extra.put("authentication.kubernetes.io/node-name", List.of(on.name));
            extra.put("authentication.kubernetes.io/node-uid", List.of(on.uid));
        }
        return new UserInfo(
                PREFIX + namespace + ":" + serviceAccount.name,
                serviceAccount.uid,
                List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace, UserInfo.AUTHENTICATED),
                extra);
    }
}
