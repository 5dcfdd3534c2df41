package io.vertikube.kubelet.probe;

import io.vertx.core.http.HttpClosedException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

/** Why nobody answered, in the words that events of probes have in Kubernetes. Pure functions. */
final class ConnectionProblem {

    private ConnectionProblem() {}

    /** Of a connection that was to be made. */
    static String dialing(String host, int port, Throwable problem) {
        return "dial tcp " + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + ": "
                + switch (problem) {
                    case NoRouteToHostException gone -> "connect: no route to host";
                    case SocketTimeoutException late -> "i/o timeout";
                    case UnknownHostException unknown -> "no such host";
                    case ConnectException refused when isRefusal(refused) -> "connect: connection refused";
                    default -> Objects.requireNonNullElse(problem.getMessage(), problem.toString());
                };
    }

    /** Of a request. */
    static String asking(String host, int port, Throwable problem) {
        return switch (problem) {
            case TimeoutException late -> "context deadline exceeded";
            case SocketTimeoutException late -> "context deadline exceeded";
            case HttpClosedException closed -> "EOF";
            case ClosedChannelException closed -> "EOF";
            case ConnectException connecting -> dialing(host, port, connecting);
            case NoRouteToHostException connecting -> dialing(host, port, connecting);
            case UnknownHostException connecting -> dialing(host, port, connecting);
            default -> Objects.requireNonNullElse(problem.getMessage(), problem.toString());
        };
    }

    private static boolean isRefusal(ConnectException problem) {
        return String.valueOf(problem.getMessage()).contains("refused");
    }
}
