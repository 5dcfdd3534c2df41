package io.vertikube.e2e.clients;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertikube.apiserver.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@code deploy/bench testserver} runs, in a new JVM each time: prints one line, milliseconds until a server is
 * there, until there is a fresh namespace and a fabric8 client for it, and until that client has an answer; first for
 * this JVM's first server, then the medians of the servers after it.
 */
public final class TestServerStart {

    private record Times(double server, double client, double answer) {}

    private TestServerStart() {}

    public static void main(String... arguments) {
        int more = Integer.parseInt(arguments[0]);
        Times cold = once();
        List<Times> warm = new ArrayList<>();
        for (int i = 0; i < more; i++) {
            Times times = once();
            if (i >= more / 2) {
                warm.add(times);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%8.0f %8.0f %8.0f %8.0f %8.0f %8.0f%n",
                cold.server,
                cold.client,
                cold.answer,
                median(warm.stream().map(Times::server).toList()),
                median(warm.stream().map(Times::client).toList()),
                median(warm.stream().map(Times::answer).toList()));
        System.exit(0);
    }

    private static Times once() {
        long began = System.nanoTime();
        try (TestServer server = TestServer.start()) {
            double ready = since(began);
            KubernetesClient client = server.admin().in(server.namespace()).fabric8();
            double connected = since(began);
            client.serviceAccounts().withName("default").get();
            return new Times(ready, connected, since(began));
        }
    }

    private static double since(long began) {
        return (System.nanoTime() - began) / 1e6;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
