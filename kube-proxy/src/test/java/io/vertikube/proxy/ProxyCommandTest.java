package io.vertikube.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.service.ServiceMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ProxyCommandTest {

    @TempDir
    Path folder;

    private String kubeconfig() throws Exception {
        Path file = folder.resolve("kubeconfig");
        Files.writeString(file, """
                current-context: c
                clusters: [{name: c, cluster: {server: "https://127.0.0.1:6443"}}]
                users: [{name: u, user: {token: t}}]
                contexts: [{name: c, context: {cluster: c, user: u}}]
                """);
        return "--kubeconfig=" + file;
    }

    @Test
    void flagsBecomeOptions() throws Exception {
        var command = new ProxyCommand();
        new CommandLine(command)
                .parseArgs(
                        kubeconfig(),
                        "--hostname-override=n1",
                        "--cluster-cidr=10.244.0.0/16",
                        "--nodeport-addresses=192.168.0.0/24,10.0.0.0/8",
                        "--sync-period=1m30s",
                        "--cluster-domain=example.internal");
        ProxyOptions options = command.options();
        assertThat(options.nodeName()).isEqualTo("n1");
        assertThat(options.nodePortAddresses()).containsExactly("192.168.0.0/24", "10.0.0.0/8");
        assertThat(options.syncPeriod()).hasSeconds(90);
        assertThat(options.clusterDomain()).isEqualTo("example.internal");
        assertThat(options.externalIps()).isFalse();
        assertThat(options.dnsAddress()).isEqualTo(new HostPort("10.96.0.10", 53));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --cluster-cidr=10.244.0.0     | --cluster-cidr
            --proxy-mode=iptables         | only nftables is served
            --cluster-dns=nonsense        | --cluster-dns
            --link-name=Far/too           | --link-name
            --sync-period=soon            | is no duration
            --no-such-flag                | --no-such-flag
            """)
    void badFlagIsASentenceAndExitCode2(String flag, String sentence) throws Exception {
        var err = new StringWriter();
        var line = new CommandLine(new ProxyCommand()).setErr(new PrintWriter(err, true));
        assertThat(ServiceMain.run(line, kubeconfig(), flag)).isEqualTo(2);
        assertThat(err.toString()).contains(sentence);
    }
}
