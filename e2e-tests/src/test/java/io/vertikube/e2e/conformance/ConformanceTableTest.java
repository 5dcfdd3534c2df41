package io.vertikube.e2e.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table names tests that are there, and every case is in it. */
class ConformanceTableTest {

    @Test
    void everyTestThatTheTableNamesExists() throws IOException {
        Set<String> cases = new TreeSet<>();
        ConformanceCase.all(ConformanceTable.cases()).forEach(each -> cases.add(each.reference()));
        List<Path> sources = sources();
        List<String> references = ConformanceTable.read().references();
        assertThat(references).isNotEmpty();
        assertThat(references)
                .allSatisfy(reference -> assertThat(exists(reference, cases, sources))
                        .as(reference)
                        .isTrue());
    }

    @Test
    void everyCaseIsInTheTableAndHasItsOwnName() throws IOException {
        List<ConformanceCase> cases = ConformanceCase.all(ConformanceTable.cases());
        assertThat(cases).extracting(ConformanceCase::name).doesNotHaveDuplicates();
        assertThat(ConformanceTable.read().references())
                .containsAll(cases.stream().map(ConformanceCase::reference).toList());
    }

    @Test
    void aCaseIsForRuntimesThatHaveWhatItIsAboutOrHaveItNot() throws IOException {
        List<ConformanceCase> cases = ConformanceCase.all(ConformanceTable.cases());
        Set<String> old = names(cases, Set.of());
        Set<String> mapping = names(cases, Set.of("userNamespaces"));
        assertThat(old).contains("own-users-refused").doesNotContain("own-users");
        assertThat(mapping).contains("own-users").doesNotContain("own-users-refused");
        assertThat(old).contains("out-of-cpu").hasSizeGreaterThan(cases.size() / 2);
    }

    private static Set<String> names(List<ConformanceCase> cases, Set<String> features) {
        Set<String> result = new TreeSet<>();
        cases.stream().filter(each -> each.fits(features)).forEach(each -> result.add(each.name()));
        return result;
    }

    private static boolean exists(String reference, Set<String> cases, List<Path> sources) throws IOException {
        if (reference.contains("#")) {
            return cases.contains(reference);
        }
        if (reference.endsWith(".txt")) {
            return Files.exists(ConformanceTable.module()
                    .resolve("src/test/resources/kubectl")
                    .resolve(reference));
        }
        String[] parts = reference.split("\\.");
        for (Path source : sources) {
            if (source.endsWith(parts[0] + ".java") && Files.readString(source).contains("void " + parts[1] + "(")) {
                return true;
            }
        }
        return false;
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> all = Files.walk(ConformanceTable.module().getParent(), 12)) {
            return all.filter(path -> path.toString().contains("/src/test/java/")
                            && path.toString().endsWith("Test.java"))
                    .toList();
        }
    }
}
