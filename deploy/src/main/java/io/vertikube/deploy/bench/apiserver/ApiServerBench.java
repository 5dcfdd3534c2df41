package io.vertikube.deploy.bench.apiserver;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.vertikube.deploy.bench.apiserver.BenchOptions.Etcd;
import io.vertikube.deploy.bench.load.Load;
import io.vertikube.deploy.bench.load.Measured;
import io.vertikube.deploy.bench.load.Processes;
import io.vertikube.deploy.bench.load.Target;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The measurements, one after the other: creates, gets, lists, full lists, watch fan-out, memory in between. What it
 * makes lies in namespaces of its own, which it deletes again from a server that it has not started. Runs on one thread.
 */
final class ApiServerBench {

    private static final int PER_NAMESPACE = 500;
    private static final int LIST_CONNECTIONS = 8;
    private static final int FULL_LIST_CONNECTIONS = 4;
    private static final int READY_SECONDS = 60;

    /** Of the server, of which the last is measured further; the first is met by a client that was never used. */
    private static final int STARTS = 5;

    private static final String JSON = "application/json";
    private static final byte[] NO_BODY = {};
    private static final byte[] AT_ONCE = "{\"gracePeriodSeconds\":0}".getBytes(StandardCharsets.UTF_8);
    private static final int MOST_TO_WARM_UP = 10_000;

    private final BenchOptions options;
    private final Target target;
    private final Report report;
    private final Pods pods;
    private final MultiThreadIoEventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(Runtime.getRuntime().availableProcessors(), NioIoHandler.newFactory());

    ApiServerBench(BenchOptions options, Target target, Report report) {
        this.options = options;
        this.target = target;
        this.report = report;
        this.pods =
                new Pods("bench-" + Long.toString(ThreadLocalRandom.current().nextLong(1 << 24), 36), PER_NAMESPACE);
    }

    void run() throws IOException, InterruptedException {
        try {
            Map<Integer, Double> raw = rawEtcd();
            if (options.serverCommand().isEmpty()) {
                measure(new Load(loops, target, options.serverPid()), options.serverPid(), raw);
            } else {
                started(raw);
            }
        } finally {
            loops.shutdownGracefully();
        }
        report.print();
    }

    private void started(Map<Integer, Double> raw) throws IOException, InterruptedException {
        Path log = Files.createTempFile("bench-apiserver", ".log");
        double[] seconds = new double[STARTS];
        for (int start = 0; start < STARTS; start++) {
            long begin = System.nanoTime();
            try (ServerProcess server = ServerProcess.start(options.serverCommand(), log)) {
                var load = new Load(loops, target, server.pid());
                awaitReady(load, server);
                seconds[start] = (System.nanoTime() - begin) / 1e9;
                report.step("start " + (start + 1) + ": ready after %.2f s".formatted(seconds[start]));
                if (start == STARTS - 1) {
                    Arrays.sort(seconds);
                    report.addFigure("ready after", seconds[STARTS / 2], "s", Report.KUBE_READY_SECONDS);
                    measure(load, server.pid(), raw);
                }
            }
        }
        Files.delete(log);
    }

    /** Knocks at the port until it opens, which costs the server nothing of the two processors, and only then asks. */
    private void awaitReady(Load load, ServerProcess server) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + READY_SECONDS * 1_000_000_000L;
        while (System.nanoTime() < deadline) {
            server.requireAlive();
            if (listens() && load.ask("GET", "/readyz", JSON, NO_BODY).status() == 200) {
                return;
            }
            Thread.sleep(5);
        }
        throw new IllegalStateException("the server was not ready within " + READY_SECONDS + " s");
    }

    private boolean listens() throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(target.host(), target.port()));
            return true;
        } catch (ConnectException e) {
            return false;
        }
    }

    private Map<Integer, Double> rawEtcd() throws IOException, InterruptedException {
        var rates = new TreeMap<Integer, Double>();
        Etcd etcd = options.etcd();
        if (etcd == null || !options.wants("etcd")) {
            return rates;
        }
        try (var raw = new RawEtcd(etcd, 2_800)) {
            raw.run("warm-up", 32, Math.max(1, options.seconds() / 2));
            for (int inFlight : new int[] {1, 32, 128}) {
                Measured measured =
                        raw.run("etcd through jetcd, " + inFlight + " in flight", inFlight, options.seconds());
                rates.put(inFlight, measured.rate());
                report.add(measured, 0);
            }
        }
        return rates;
    }

    private void measure(Load load, long pid, Map<Integer, Double> raw) throws InterruptedException {
        memory("resident, empty", pid, Report.KUBE_EMPTY_MEGABYTES);
        int namespaces = (options.pods() + PER_NAMESPACE - 1) / PER_NAMESPACE;
        try {
            warmUp(load);
            report.step(namespaces + " namespaces of " + PER_NAMESPACE + " pods");
            for (int i = 0; i < namespaces; i++) {
                makeNamespace(load, pods.prefix() + "-" + i);
            }
            creates(load, raw);
            memory("resident, with the pods", pid, 0);
            if (options.wants("gets")) {
                gets(load);
            }
            if (options.wants("lists")) {
                lists(load);
            }
            if (options.wants("full")) {
                fullLists(load);
            }
            memory("resident, after the lists", pid, Report.KUBE_FULL_MEGABYTES);
            if (options.wants("watches")) {
                watches(load);
                memory("resident, after the watches", pid, 0);
            }
        } finally {
            if (options.serverCommand().isEmpty()) {
                cleanUp(load, namespaces);
            }
        }
    }

    private void memory(String name, long pid, double kube) {
        OptionalLong megabytes = pid == 0 ? OptionalLong.empty() : Processes.residentMegabytes(pid);
        @Nullable Double value = megabytes.isPresent() ? (double) megabytes.getAsLong() : null;
        report.addFigure(name, value, "MB", kube);
    }

    /** With the account that pods run as, which a controller may not be there to make. */
    static void makeNamespace(Load load, String name) {
        create(load, "/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + name + "\"}}");
        create(load, "/api/v1/namespaces/" + name + "/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
    }

    private static void create(Load load, String path, String body) {
        Load.Answered answer = load.ask("POST", path, JSON, body.getBytes(StandardCharsets.UTF_8));
        if (answer.status() != 201 && answer.status() != 409) {
            throw new IllegalStateException(
                    "POST " + path + " was answered with " + answer.status() + ": " + answer.text());
        }
    }

    /** A server that compiles as it goes has to have seen what it shall do; what this makes is deleted again. */
    private void warmUp(Load load) {
        if (options.warmUpSeconds() <= 0) {
            return;
        }
        report.step("warming up for " + options.warmUpSeconds() + " s");
        String namespace = pods.prefix() + "-warm";
        makeNamespace(load, namespace);
        String path = "/api/v1/namespaces/" + namespace + "/pods";
        load.run(
                "",
                32,
                MOST_TO_WARM_UP,
                options.warmUpSeconds(),
                (number, out) ->
                        target.request(out, "POST", path, JSON, pods.body("web-" + number, namespace, number)));
        load.ask("DELETE", path, JSON, AT_ONCE);
        load.ask("DELETE", "/api/v1/namespaces/" + namespace, JSON, NO_BODY);
    }

    /** At 1, 32 and 128 in flight. */
    private void creates(Load load, Map<Integer, Double> raw) {
        int all = options.pods();
        int done = 0;
        int one = all / 13;
        created(creating(load, "creates, 1 in flight", 1, done, one), 1, raw, 0);
        done += one;
        int many = (all - done) / 2;
        created(creating(load, "creates, 32 in flight", 32, done, many), 32, raw, Report.KUBE_CREATES);
        done += many;
        created(creating(load, "creates, 128 in flight", 128, done, all - done), 128, raw, Report.KUBE_CREATES);
    }

    private Measured creating(Load load, String name, int inFlight, int from, int count) {
        return load.run(name, inFlight, count, 600, (number, out) -> {
            long pod = from + number;
            target.request(out, "POST", pods.collection(pod), JSON, pods.body(pod));
        });
    }

    private void created(Measured measured, int inFlight, Map<Integer, Double> raw, double kube) {
        report.add(measured, kube);
        Double etcd = raw.get(inFlight);
        if (etcd != null) {
            report.note(
                    measured.name() + ": " + Math.round(100 * measured.rate() / etcd) + " % of raw etcd transactions");
        }
    }

    private void gets(Load load) {
        Load.Requests one = (number, out) ->
                target.request(out, "GET", pods.path(ThreadLocalRandom.current().nextInt(options.pods())));
        load.run("warm-up", 32, Long.MAX_VALUE, options.seconds() / 2, one);
        report.add(load.run("gets, 1 in flight", 1, Long.MAX_VALUE, options.seconds() / 2, one), 0);
        report.add(load.run("gets, 32 in flight", 32, Long.MAX_VALUE, options.seconds(), one), Report.KUBE_GETS);
        report.add(load.run("gets, 128 in flight", 128, Long.MAX_VALUE, options.seconds(), one), Report.KUBE_GETS);
    }

    private void lists(Load load) {
        int whole = options.pods() / PER_NAMESPACE * PER_NAMESPACE;
        Load.Requests list = (number, out) -> target.request(
                out, "GET", pods.collection(ThreadLocalRandom.current().nextInt(whole)));
        load.run("warm-up", LIST_CONNECTIONS, Long.MAX_VALUE, options.seconds() / 2, list);
        Measured measured =
                load.run("lists of " + PER_NAMESPACE, LIST_CONNECTIONS, Long.MAX_VALUE, options.seconds(), list);
        report.add(measured, Report.KUBE_LISTS);
        report.note(
                "a pod in a list takes " + measured.bytes() / Math.max(1, measured.count()) / PER_NAMESPACE + " bytes");
    }

    private void fullLists(Load load) {
        report.addByBytes(
                load.run(
                        "full lists of " + options.pods(),
                        FULL_LIST_CONNECTIONS,
                        Long.MAX_VALUE,
                        options.seconds(),
                        (number, out) -> target.request(out, "GET", "/api/v1/pods")),
                Report.KUBE_FULL_LIST_MEGABYTES);
    }

    private void watches(Load load) throws InterruptedException {
        String namespace = pods.prefix() + "-watch";
        makeNamespace(load, namespace);
        String path = "/api/v1/namespaces/" + namespace + "/pods";
        var fanOut = new FanOut(load, target, options.watchers(), options.events());
        report.add(
                fanOut.run(
                        path + "?watch=1",
                        (number, out) ->
                                target.request(out, "POST", path, JSON, pods.body("web-" + number, namespace, number))),
                0);
    }

    /** In a server that goes on: first the pods, at once and without grace, then the namespaces. */
    private void cleanUp(Load load, int namespaces) {
        report.step("deleting what was made");
        for (int i = 0; i <= namespaces; i++) {
            String namespace = pods.prefix() + "-" + (i == namespaces ? "watch" : i);
            load.ask("DELETE", "/api/v1/namespaces/" + namespace + "/pods", JSON, AT_ONCE);
            load.ask("DELETE", "/api/v1/namespaces/" + namespace, JSON, NO_BODY);
        }
    }
}
