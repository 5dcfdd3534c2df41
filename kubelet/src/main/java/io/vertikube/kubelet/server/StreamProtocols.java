package io.vertikube.kubelet.server;

import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;

/**
 * The sub-protocols of streams over WebSocket, and the choice among them. Over SPDY the runtime chooses. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/deprecation-policy/">the older ones stay served</a>
 */
final class StreamProtocols {

    static final String V5 = "v5.channel.k8s.io";
    static final String V4 = "v4.channel.k8s.io";
    static final String V4_BASE64 = "v4.base64.channel.k8s.io";
    static final String V1 = "channel.k8s.io";
    static final String V1_BASE64 = "base64.channel.k8s.io";
    static final String PORT_FORWARD = "portforward.k8s.io";
    static final String PORT_FORWARD_TUNNEL = "SPDY/3.1+portforward.k8s.io";

    /** Exec and attach, newest first. */
    static final List<String> COMMANDS = List.of(V5, V4, V4_BASE64, V1, V1_BASE64);

    /** Port-forward, newest first. */
    static final List<String> PORTS = List.of(PORT_FORWARD_TUNNEL, V4, V4_BASE64);

    /** All that the server takes at all. */
    static final List<String> ALL = List.of(V5, V4, V4_BASE64, V1, V1_BASE64, PORT_FORWARD_TUNNEL);

    private StreamProtocols() {}

    /**
     * The first that the client names and we speak; empty text for one that names none.
     *
     * @throws HttpProblem 403 if we speak none of the client's, or the server would choose one that is not for this
     */
    static String chosen(MultiMap headers, List<String> spoken) {
        List<String> asked = named(headers, "Sec-WebSocket-Protocol");
        if (asked.isEmpty()) {
            return "";
        }
        return asked.stream()
                .filter(ALL::contains)
                .findFirst()
                .filter(spoken::contains)
                .orElseThrow(() -> new HttpProblem(
                        403,
                        "unable to upgrade: unable to negotiate protocol: client supports " + asked
                                + ", server accepts " + spoken));
    }

    /** Names of protocols in a header that may be given several times and hold several. */
    static List<String> named(MultiMap headers, String header) {
        List<String> names = new ArrayList<>();
        for (String value : headers.getAll(header)) {
            for (String name : value.split(",")) {
                if (name.strip().matches("[A-Za-z0-9./+-]{1,64}")) {
                    names.add(name.strip());
                }
            }
        }
        return names;
    }

    static boolean isBase64(String protocol) {
        return protocol.contains("base64.");
    }
}
