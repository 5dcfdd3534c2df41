package io.vertikube.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {

    private static final byte[] OLD = {1, 2, 3};
    private static final byte[] NEW = {4};

    @TempDir
    Path folder;

    @Test
    void whatIsThereIsReplacedAndNothingElseStays() throws IOException {
        Path file = folder.resolve("record");
        WholeFile.write(file, OLD);
        WholeFile.write(file, NEW);
        assertThat(file).hasBinaryContent(NEW);
        WholeFile.writeThrough(file, OLD);
        assertThat(file).hasBinaryContent(OLD);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void whoHasTheOldOneOpenReadsItToItsEnd() throws IOException {
        Path file = folder.resolve("record");
        WholeFile.write(file, OLD);
        try (var reader = Files.newInputStream(file)) {
            WholeFile.write(file, NEW);
            assertThat(reader.readAllBytes()).isEqualTo(OLD);
        }
    }

    @Test
    void secretsHaveTheirModeEvenWhereAProcessDiedBefore() throws IOException {
        Path file = folder.resolve("key");
        Files.write(folder.resolve(".key.new"), new byte[100]);
        WholeFile.write(file, NEW, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(file).hasBinaryContent(NEW);
    }

    @Test
    void folderThatIsNotThereIsSaid() {
        assertThatThrownBy(() -> WholeFile.write(folder.resolve("none/record"), NEW))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("none");
    }
}
