package io.vertikube.kubelet.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.kubelet.kernel.OwnPages.Range;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which mappings the kernel may drop the pages of, and what they hold afterwards. */
class OwnPagesTest {

    @Test
    void onlyMappingsOfFilesThatNobodyCanWriteNorHas() {
        assertThat(OwnPages.unwritten("""
                        f0000000-f2d32000 rw-p 00000000 00:00 0
                        Anonymous:         46136 kB
                        800001000-80208e000 rw-p 00001000 fd:00 917 /opt/node.aot
                        Private_Dirty:         0 kB
                        80208e000-804d23000 r--p 0208e000 fd:00 917 /opt/node.aot
                        Rss:               44908 kB
                        Private_Dirty:     44908 kB
                        Anonymous:             0 kB
                        Swap:                  0 kB
                        VmFlags: rd mr mw me sd
                        7f7ef4000000-7f7ef5000000 r-xp 00200000 fd:00 311 /usr/lib/server/libjvm.so
                        Anonymous:             0 kB
                        7f7ef5000000-7f7ef5100000 r--p 01200000 fd:00 311 /usr/lib/server/libjvm.so
                        Private_Dirty:      1004 kB
                        Anonymous:          1004 kB
                        7f7ef5200000-7f7ef5300000 r--p 00200000 fd:00 312 /usr/lib/libc.so.6
                        Private_Dirty:         0 kB
                        Anonymous:             0 kB
                        Swap:                 16 kB
                        7f7ef5400000-7f7ef5410000 r-xp 00000000 fd:00 313 /usr/lib/libsmall.so
                        Anonymous:             0 kB
                        7f7ef6000000-7f7ef6001000 r--s 00000000 fd:00 412 /var/small, shared by two.db
                        7f7ef7000000-7f7ef8000000 r--s 00000000 fd:00 413 /opt/jdk/lib/modules
                        Anonymous:             0 kB
                        7f7ef9000000-7f7efa000000 rw-s 00000000 fd:00 412 /var/written by two.db
                        Anonymous:             0 kB
                        7f7ef6001000-7f7ef6002000 ---p 00001000 fd:00 311 /usr/lib/server/libjvm.so
                        7ffc0a1f2000-7ffc0a1f4000 r-xp 00000000 00:00 0 [vdso]
                        Anonymous:             0 kB
                        """.lines().toList()))
                .containsExactly(
                        new Range(0x80208e000L, 0x804d23000L),
                        new Range(0x7f7ef4000000L, 0x7f7ef5000000L),
                        new Range(0x7f7ef7000000L, 0x7f7ef8000000L));
    }

    @Test
    void whatWasWrittenStays(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("page"), "as it was in the file");
        try (var arena = Arena.ofConfined();
                var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment page = channel.map(FileChannel.MapMode.PRIVATE, 0, channel.size(), arena);
            page.set(ValueLayout.JAVA_BYTE, 0, (byte) 'A');
            assertThat(OwnPages.giveBack()).as("libraries and archived classes").isGreaterThan(1 << 20);
            assertThat(page.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 'A');
        }
    }
}
