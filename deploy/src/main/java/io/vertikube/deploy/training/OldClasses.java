package io.vertikube.deploy.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Classes of before Java 6, which no ahead-of-time cache takes: they carry no stack maps, so that they are read from their jar
 * and verified by inference at every start. They are written anew with stack maps and a later version, their code untouched.
 * The classes that they refer to must be on the class path. Pure but for {@link #lift(Path)}.
 */
final class OldClasses {
    private static final ClassFile FILES = ClassFile.of(ClassFile.StackMapsOption.GENERATE_STACK_MAPS);
    private static final int MAGIC = 0xCAFEBABE;
    private static final int HEADER = 8;

    private OldClasses() {}

    /**
     * Rewrites a jar if it has such classes and nobody has signed it.
     *
     * @return how many classes were lifted
     */
    static int lift(Path jar) throws IOException {
        List<JarEntry> entries = new ArrayList<>();
        int old = 0;
        try (var file = new JarFile(jar.toFile(), false)) {
            for (JarEntry entry : file.stream().toList()) {
                if (entry.getName().matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)")) {
                    return 0;
                }
                entries.add(entry);
                if (entry.getName().endsWith(".class") && isOld(header(file, entry))) {
                    old++;
                }
            }
            if (old > 0) {
                rewrite(file, entries, jar);
            }
        }
        return old;
    }

    /** The class with stack maps, in the format of Java 8; itself if it has them already. */
    static byte[] lift(byte[] code) {
        if (!isOld(code)) {
            return code;
        }
        ClassModel model = FILES.parse(code);
        ClassTransform later = (builder, element) -> {
            ClassElement kept =
                    element instanceof ClassFileVersion ? ClassFileVersion.of(ClassFile.JAVA_8_VERSION, 0) : element;
            builder.with(kept);
        };
        // A body that is taken over as it lies gets no stack map.
        return FILES.transformClass(
                model,
                ClassTransform.transformingMethodBodies((builder, element) -> builder.with(element))
                        .andThen(later));
    }

    private static boolean isOld(byte[] code) {
        return code.length >= HEADER
                && number(code, 0) == MAGIC
                && (number(code, 4) & 0xFFFF) < ClassFile.JAVA_6_VERSION;
    }

    private static int number(byte[] code, int offset) {
        return java.nio.ByteBuffer.wrap(code, offset, Integer.BYTES).getInt();
    }

    private static byte[] header(JarFile file, JarEntry entry) throws IOException {
        try (InputStream in = file.getInputStream(entry)) {
            return in.readNBytes(HEADER);
        }
    }

    private static void rewrite(JarFile file, List<JarEntry> entries, Path jar) throws IOException {
        Path lifted = jar.resolveSibling(jar.getFileName() + ".lifted");
        try {
            try (OutputStream out = Files.newOutputStream(lifted);
                    var zip = new ZipOutputStream(out)) {
                for (JarEntry entry : entries) {
                    var copy = new ZipEntry(entry.getName());
                    copy.setTime(entry.getTime());
                    zip.putNextEntry(copy);
                    try (InputStream in = file.getInputStream(entry)) {
                        byte[] content = in.readAllBytes();
                        zip.write(entry.getName().endsWith(".class") ? lift(content) : content);
                    }
                    zip.closeEntry();
                }
            }
            Files.setLastModifiedTime(lifted, Files.getLastModifiedTime(jar));
            Files.move(lifted, jar, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(lifted);
        }
    }
}
