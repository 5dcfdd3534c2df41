package io.vertikube.scheduler;

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

class SchedulerCommandTest {

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
        var command = new SchedulerCommand();
        new CommandLine(command)
                .parseArgs(
                        kubeconfig(),
                        "--leader-elect=false",
                        "--leader-elect-lease-duration=1m",
                        "--secure-port=0",
                        "--percentage-of-nodes-to-score=30",
                        "--pod-max-backoff-seconds=20");
        SchedulerOptions options = command.options();
        assertThat(options.leadership().elect()).isFalse();
        assertThat(options.leadership().timings().lease()).hasSeconds(60);
        assertThat(options.leadership().name()).isEqualTo("kube-scheduler");
        assertThat(options.serving().securePort()).isZero();
        assertThat(options.percentageOfNodesToScore()).isEqualTo(30);
        assertThat(options.queueTimes().longestBackoff()).hasSeconds(20);
        assertThat(options.schedulerName()).isEqualTo("default-scheduler");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --percentage-of-nodes-to-score=101 | --percentage-of-nodes-to-score
            --leader-elect-retry-period=often  | is no duration
            --tls-cert-file=/x                 | go together
            --secure-port=x                    | --secure-port
            --no-such-flag                     | --no-such-flag
            """)
    void badFlagIsASentenceAndExitCode2(String flag, String sentence) throws Exception {
        var err = new StringWriter();
        var line = new CommandLine(new SchedulerCommand()).setErr(new PrintWriter(err, true));
        assertThat(ServiceMain.run(line, kubeconfig(), flag)).isEqualTo(2);
        assertThat(err.toString()).contains(sentence);
    }
}
