package io.vertikube.e2e.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code CONFORMANCE.md}, as far as it names tests. Immutable. */
record ConformanceTable(List<String> references) {

    private static final Pattern REFERENCE =
            Pattern.compile("`([\\w-]+\\.yaml#[\\w.-]+|\\w+Test\\.\\w+|[\\w-]+\\.txt)`");

    static ConformanceTable read() throws IOException {
        List<String> references = new ArrayList<>();
        for (String line : Files.readAllLines(module().resolve("CONFORMANCE.md"))) {
            if (line.startsWith("|")) {
                Matcher matcher = REFERENCE.matcher(line);
                while (matcher.find()) {
                    references.add(matcher.group(1));
                }
            }
        }
        return new ConformanceTable(List.copyOf(references));
    }

    static Path cases() {
        return module().resolve("src/test/resources/conformance");
    }

    static Path module() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("e2e-tests") ? here : here.resolve("e2e-tests");
    }
}
