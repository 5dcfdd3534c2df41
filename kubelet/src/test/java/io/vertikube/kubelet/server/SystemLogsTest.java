package io.vertikube.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a machine's logs can be read. */
class SystemLogsTest {

    @TempDir
    private Path folder;

    private Path logs;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("secret"), "secret");
        logs = Files.createDirectory(folder.resolve("log"));
        Files.writeString(logs.resolve("sys log.1"), "line\n");
        Files.createDirectory(logs.resolve("pods"));
        Files.writeString(logs.resolve("pods/a:b<.log"), "of a pod\n");
        Files.createSymbolicLink(logs.resolve("inside"), logs.resolve("pods/a:b<.log"));
        Files.createSymbolicLink(logs.resolve("outside"), folder.resolve("secret"));
        Files.createSymbolicLink(logs.resolve("above"), Path.of(".."));
    }

    @Test
    void foldersAreListedAndFilesRead() throws IOException {
        assertThat(read("")).isEqualTo("""
                <pre>
                <a href="above/">above/</a>
                <a href="inside">inside</a>
                <a href="outside">outside</a>
                <a href="pods/">pods/</a>
                <a href="sys%20log.1">sys log.1</a>
                </pre>
                """);
        assertThat(read("pods/")).isEqualTo("<pre>\n<a href=\"./a%3Ab%3C.log\">a:b&lt;.log</a>\n</pre>\n");
        assertThat(read("pods")).isEqualTo("moved to pods/");
        assertThat(read("sys log.1")).isEqualTo("sys log.1: line\n");
        assertThat(read("pods/a:b<.log")).isEqualTo("a:b<.log: of a pod\n");
        assertThat(read("inside")).isEqualTo("inside: of a pod\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "outside",
                "above/",
                "above/secret",
                "../secret",
                "..",
                "sys log.1/",
                "sys log.1/more",
                "a\u0000b",
                "/etc/passwd",
                "pods/../../secret"
            })
    void nothingElseIs(String path) {
        assertThatThrownBy(() -> read(path))
                .isInstanceOfSatisfying(
                        HttpProblem.class, problem -> assertThat(problem.code()).isEqualTo(404));
    }

    @Test
    void nobodyReadsAnythingWhereTheyAreTurnedOff() {
        assertThatThrownBy(() -> new SystemLogs(Optional.empty()).read("", reader(new StringBuilder())))
                .hasMessage("logs endpoint is disabled.");
    }

    private String read(String path) throws IOException {
        var read = new StringBuilder();
        new SystemLogs(Optional.of(logs)).read(path, reader(read));
        return read.toString();
    }

    private static SystemLogs.Reader reader(StringBuilder read) {
        return new SystemLogs.Reader() {
            @Override
            public void listing(String html) {
                read.append(html);
            }

            @Override
            public void moved(String location) {
                read.append("moved to ").append(location);
            }

            @Override
            public void file(String name, InputStream content) throws IOException {
                read.append(name).append(": ").append(new String(content.readAllBytes(), StandardCharsets.UTF_8));
            }
        };
    }
}
