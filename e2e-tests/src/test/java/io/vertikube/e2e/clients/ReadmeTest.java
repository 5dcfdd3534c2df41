package io.vertikube.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README shows in Java is what is compiled and run here. */
final class ReadmeTest {

    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyExampleIsCompiledAndRun() throws IOException {
        Path sources = Path.of("src/test/java/io/vertikube/e2e/clients");
        String examples = Files.readString(sources.resolve("ExampleTest.java"))
                + Files.readString(sources.resolve("ExampleClusterTest.java"));
        assertThat(JAVA.matcher(Files.readString(Path.of("../README.md"))).results())
                .hasSize(2)
                .allSatisfy(shown -> assertThat(examples).contains(shown.group(1)));
    }
}
