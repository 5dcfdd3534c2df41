package io.vertikube.proxy.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.object.ObjectKey;
import io.vertikube.proxy.Cluster;
import io.vertikube.value.Cidr;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over real sockets on loopback. */
class NodeDnsTest {

    private final Vertx vertx = Vertx.vertx();
    private final ClusterZone zone = new ClusterZone(
            "cluster.local", List.of(Cidr.parse("10.96.0.0/12"), Cidr.parse("10.244.0.0/16")), new SplittableRandom(1));
    private NodeDns dns;
    private Resolver resolver;

    @BeforeEach
    void start() {
        dns = NodeDns.start(
                vertx,
                "127.0.0.1",
                0,
                zone,
                Path.of("/nonexistent"),
                new SplittableRandom(2),
                new SimpleMeterRegistry());
        resolver = new Resolver(dns.port());
        var cluster = new Cluster()
                .service("web", "10.96.0.1")
                .service("db", "None")
                .endpoints("db", 5432, "10.244.0.7", "10.244.1.8", "!10.244.1.9")
                .service("empty", "None")
                .service("inside", "", b -> external(b, "web.default.svc.cluster.local."))
                .service("outside", "", b -> external(b, "www.example.com"));
        var slices = cluster.slices.get(new ObjectKey("default", "db"));
        var named = new EndpointSliceBuilder(slices.getFirst())
                .editEndpoint(0)
                .withHostname("db-0")
                .endEndpoint()
                .build();
        for (Service service : cluster.services) {
            zone.put(service, service.getMetadata().getName().equals("db") ? List.of(named) : List.of());
        }
    }

    private static void external(io.fabric8.kubernetes.api.model.ServiceBuilder builder, String target) {
        builder.editSpec()
                .withType("ExternalName")
                .withClusterIP(null)
                .withExternalName(target)
                .endSpec();
    }

    @AfterEach
    void stop() {
        dns.close();
        vertx.close().await();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            web.default.svc.cluster.local               | A     | 0 | A 10.96.0.1
            WeB.Default.SVC.cluster.LOCAL               | A     | 0 | A 10.96.0.1
            web.default.svc.cluster.local               | AAAA  | 0 | -
            web.default.svc.cluster.local               | TXT   | 0 | -
            web.default.svc.cluster.local               | ANY   | 0 | A 10.96.0.1
            _http._tcp.web.default.svc.cluster.local    | SRV   | 0 | SRV 0 100 80 web.default.svc.cluster.local.
            _http._tcp.web.default.svc.cluster.local    | A     | 0 | -
            _tcp.web.default.svc.cluster.local          | SRV   | 0 | -
            _https._tcp.web.default.svc.cluster.local   | SRV   | 3 | -
            _http._udp.web.default.svc.cluster.local    | SRV   | 3 | -
            nosuch.default.svc.cluster.local            | A     | 3 | -
            web.nosuch.svc.cluster.local                | A     | 3 | -
            default.svc.cluster.local                   | A     | 0 | -
            nosuch.svc.cluster.local                    | A     | 3 | -
            svc.cluster.local                           | A     | 0 | -
            cluster.local                               | NS    | 0 | NS ns.dns.cluster.local.
            dns-version.cluster.local                   | TXT   | 0 | TXT 1.1.0
            www.example.com.default.svc.cluster.local   | A     | 3 | -
            www.example.com.cluster.local               | A     | 3 | -
            db.default.svc.cluster.local                | A     | 0 | A 10.244.0.7,A 10.244.1.8
            db-0.db.default.svc.cluster.local           | A     | 0 | A 10.244.0.7
            10-244-1-8.db.default.svc.cluster.local     | A     | 0 | A 10.244.1.8
            10-244-1-9.db.default.svc.cluster.local     | A     | 3 | -
            empty.default.svc.cluster.local             | A     | 0 | -
            10-244-3-4.default.pod.cluster.local        | A     | 0 | A 10.244.3.4
            10-244-3.default.pod.cluster.local          | A     | 3 | -
            inside.default.svc.cluster.local            | CNAME | 0 | CNAME web.default.svc.cluster.local.
            inside.default.svc.cluster.local            | A     | 0 | CNAME web.default.svc.cluster.local.,A 10.96.0.1
            1.0.96.10.in-addr.arpa                      | PTR   | 0 | PTR web.default.svc.cluster.local.
            2.0.96.10.in-addr.arpa                      | PTR   | 3 | -
            7.0.244.10.in-addr.arpa                     | PTR   | 0 | PTR db-0.db.default.svc.cluster.local.
            """)
    void answersTheClustersNames(String name, String type, int code, String records) throws IOException {
        Resolver.Reply reply = resolver.udp(name, number(type));
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.authoritative()).isTrue();
        assertThat(reply.answers()).containsExactlyInAnyOrder(records.equals("-") ? new String[0] : records.split(","));
        if (records.equals("-")) {
            assertThat(reply.authority()).containsExactly("SOA cluster.local. ttl 5");
        }
        assertThat(reply.name()).isEqualTo(name + ".");
    }

    private static int number(String type) {
        return switch (type) {
            case "A" -> RecordType.A;
            case "AAAA" -> RecordType.AAAA;
            case "SRV" -> RecordType.SRV;
            case "TXT" -> RecordType.TXT;
            case "PTR" -> RecordType.PTR;
            case "CNAME" -> RecordType.CNAME;
            case "NS" -> RecordType.NS;
            default -> RecordType.ANY;
        };
    }

    @Test
    void srvOfHeadlessServiceNamesItsHostsAndGivesTheirAddresses() throws IOException {
        Resolver.Reply reply = resolver.udp("_http._tcp.db.default.svc.cluster.local", RecordType.SRV);
        assertThat(reply.answers())
                .containsExactlyInAnyOrder(
                        "SRV 0 100 5432 db-0.db.default.svc.cluster.local.",
                        "SRV 0 100 5432 10-244-1-8.db.default.svc.cluster.local.");
        assertThat(reply.more()).containsExactlyInAnyOrder("A 10.244.0.7", "A 10.244.1.8");
    }

    @Test
    void longAnswerIsTruncatedByUdpUnlessEdnsTakesItAndWholeByTcp() throws IOException {
        String[] many = IntStream.range(0, 60).mapToObj(i -> "10.244.2." + i).toArray(String[]::new);
        var cluster = new Cluster().service("many", "None").endpoints("many", 80, many);
        zone.put(cluster.services.getFirst(), cluster.slices.get(new ObjectKey("default", "many")));
        String name = "many.default.svc.cluster.local";
        assertThat(resolver.udp(name, RecordType.A).truncated()).isTrue();
        assertThat(resolver.udp(name, RecordType.A, 4096).answers()).hasSize(60);
        assertThat(resolver.udp(name, RecordType.A, 4096).more()).containsExactly("OPT");
        assertThat(resolver.tcp(name, RecordType.A).answers()).hasSize(60);
    }

    @Test
    void removedServiceIsForgotten() throws IOException {
        zone.remove(new ObjectKey("default", "web"));
        assertThat(resolver.udp("web.default.svc.cluster.local", RecordType.A).code())
                .isEqualTo(3);
        assertThat(resolver.udp("1.0.96.10.in-addr.arpa", RecordType.PTR).code())
                .isEqualTo(3);
    }

    @Test
    void withoutServersOtherNamesFailAtOnce() throws IOException {
        long start = System.nanoTime();
        assertThat(resolver.udp("www.example.com", RecordType.A).code()).isEqualTo(DnsAnswer.SERVER_FAILURE);
        assertThat(System.nanoTime() - start).isLessThan(1_000_000_000L);
    }

    @Test
    void otherNamesAreForwardedPastAServerThatIsSilent() throws Exception {
        var silent = vertx.createDatagramSocket();
        silent.listen(0, "127.0.0.1").await();
        var asked = new AtomicInteger();
        var upstream = vertx.createDatagramSocket();
        upstream.handler(packet -> {
            asked.incrementAndGet();
            upstream.send(
                    answerWithAddress(packet.data()),
                    packet.sender().port(),
                    packet.sender().host());
        });
        upstream.listen(0, "127.0.0.1").await();
        dns.forwardTo(List.of(
                new InetSocketAddress("127.0.0.1", silent.localAddress().port()),
                new InetSocketAddress("127.0.0.1", upstream.localAddress().port())));
        assertThat(resolver.udp("www.example.com", RecordType.A).answers()).containsExactly("A 192.0.2.1");
        assertThat(resolver.udp("outside.default.svc.cluster.local", RecordType.A)
                        .answers())
                .containsExactly("CNAME www.example.com.", "A 192.0.2.1");
        assertThat(asked).hasValue(2);
    }

    /** The question with one address. */
    private static Buffer answerWithAddress(Buffer query) {
        byte[] name = Resolver.query("www.example.com", 1, 0);
        Buffer answer = Buffer.buffer().appendUnsignedShort(query.getUnsignedShort(0));
        answer.appendUnsignedShort(0x8180)
                .appendUnsignedShort(1)
                .appendUnsignedShort(1)
                .appendInt(0);
        answer.appendBytes(name, 12, name.length - 12);
        return answer.appendUnsignedShort(0xc00c)
                .appendUnsignedShort(1)
                .appendUnsignedShort(1)
                .appendInt(60)
                .appendUnsignedShort(4)
                .appendBytes(new byte[] {(byte) 192, 0, 2, 1});
    }

    @Test
    void brokenMessagesHarmNothing() throws IOException {
        byte[] loop = Resolver.query("a", 1, 0);
        loop[12] = (byte) 0xc0;
        loop[13] = 12;
        byte[] answer = resolver.rawUdp(loop);
        assertThat(answer[3] & 0xf).isEqualTo(DnsAnswer.FORMAT_ERROR);
        byte[] notify = Resolver.query("web.default.svc.cluster.local", 1, 0);
        notify[2] = 0x20;
        assertThat(resolver.rawUdp(notify)[3] & 0xf).isEqualTo(DnsAnswer.NOT_IMPLEMENTED);
        assertThat(resolver.udp("web.default.svc.cluster.local", RecordType.A).answers())
                .hasSize(1);
    }

    @Test
    void resolvConfLeavesOutOurselves(@org.junit.jupiter.api.io.TempDir Path folder) throws IOException {
        Path file = folder.resolve("resolv.conf");
        java.nio.file.Files.writeString(
                file, "search x\nnameserver 10.96.0.10\n# c\nnameserver 192.0.2.53\nnameserver bad name\n");
        assertThat(ResolvConf.servers(file, java.util.Set.of(new InetSocketAddress("10.96.0.10", 53)), 3))
                .containsExactly(new InetSocketAddress("192.0.2.53", 53));
    }
}
