package io.vertikube.deploy.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class OldClassesTest {
    @TempDir
    private Path folder;

    @Test
    void anOldJarIsLiftedAndWorksAsBefore() throws Exception {
        Path jar = folder.resolve("old.jar");
        Files.copy(Path.of(library()), jar);

        int lifted = OldClasses.lift(jar);

        assertThat(lifted).isPositive();
        assertThat(OldClasses.lift(jar)).as("a second time").isZero();
        try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            Class<?> commandLine = loader.loadClass(CommandLine.class.getName());
            assertThat(commandLine).isNotSameAs(CommandLine.class);
            for (Class<?> nested : commandLine.getDeclaredClasses()) {
                // Initialized, and so verified with its stack maps.
                Class.forName(nested.getName(), true, loader);
            }
            assertThat(usage(commandLine)).contains("Usage:");
            try (InputStream code = loader.getResourceAsStream("picocli/CommandLine.class")) {
                assertThat(ClassFile.of().parse(code.readAllBytes()).majorVersion())
                        .isEqualTo(ClassFile.JAVA_8_VERSION);
            }
        }
    }

    @Test
    void aClassOfTodayStaysAsItIs() throws IOException {
        try (InputStream in = OldClassesTest.class.getResourceAsStream("OldClassesTest.class")) {
            byte[] code = in.readAllBytes();
            assertThat(OldClasses.lift(code)).isSameAs(code);
        }
    }

    @Test
    void aSignedJarIsLeftAlone() throws IOException {
        Path jar = folder.resolve("signed.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                var zip = new ZipOutputStream(out);
                InputStream old = CommandLine.class.getResourceAsStream("CommandLine.class")) {
            zip.putNextEntry(new ZipEntry("picocli/CommandLine.class"));
            zip.write(old.readAllBytes());
            zip.putNextEntry(new ZipEntry("META-INF/A.SF"));
            zip.write("Signature-Version: 1.0\n".getBytes(StandardCharsets.UTF_8));
        }
        byte[] before = Files.readAllBytes(jar);

        assertThat(OldClasses.lift(jar)).isZero();
        assertThat(Files.readAllBytes(jar)).isEqualTo(before);
    }

    private static URI library() throws Exception {
        return CommandLine.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI();
    }

    private static String usage(Class<?> commandLine) throws ReflectiveOperationException {
        try {
            Object help = commandLine
                    .getConstructor(Object.class)
                    .newInstance(Class.forName("picocli.CommandLine$HelpCommand", true, commandLine.getClassLoader())
                            .getConstructor()
                            .newInstance());
            return (String) commandLine.getMethod("getUsageMessage").invoke(help);
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        }
    }
}
