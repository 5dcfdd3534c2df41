package io.vertikube.apiserver.storage.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.apiserver.storage.Store;
import io.vertikube.apiserver.storage.StoreEntry;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another process writes and says what was acknowledged; it is killed without warning, and nothing of that is lost. */
class CrashTest {

    private static final int WRITERS = 8;
    private static final int ROUNDS = 4;

    @TempDir
    Path folder;

    @Test
    void killingTheServerLosesNothingAcknowledged() throws Exception {
        Path file = folder.resolve("store.db");
        Map<String, Long> acknowledged = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writer.class.getName(),
                            file.toString(),
                            Integer.toString(round))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (var said =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                int lines = 0;
                for (String line = said.readLine(); line != null; line = said.readLine()) {
                    int space = line.indexOf(' ');
                    if (space > 0 && line.endsWith(".")) {
                        acknowledged.put(
                                line.substring(0, space), Long.parseLong(line.substring(space + 1, line.length() - 1)));
                    }
                    if (++lines == 1_500) {
                        process.toHandle().destroyForcibly();
                    }
                }
            }
            process.waitFor();
            try (Store store = EmbeddedStore.open(file)) {
                for (Map.Entry<String, Long> entry : acknowledged.entrySet()) {
                    StoreEntry found = store.get(entry.getKey()).orElseThrow();
                    assertThat(found.revision()).isGreaterThanOrEqualTo(entry.getValue());
                }
                assertThat(store.currentRevision())
                        .isGreaterThanOrEqualTo(acknowledged.values().stream()
                                .mapToLong(v -> v)
                                .max()
                                .orElse(0));
            }
        }
        assertThat(acknowledged.size()).isGreaterThan(WRITERS * ROUNDS);
    }

    /** The other process: creates and updates until it is killed. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) {
            Store store = EmbeddedStore.open(Path.of(args[0]));
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < WRITERS; i++) {
                    String mine = "/registry/core/pods/" + args[1] + "-" + i + "-";
                    threads.submit(() -> write(store, mine));
                }
            }
        }

        private static void write(Store store, String prefix) {
            byte[] value = new byte[3_000];
            for (int i = 0; true; i++) {
                String key = prefix + i;
                long revision = store.create(key, value, 0);
                say(key, revision);
                say(key, store.update(key, value, revision, 0));
            }
        }

        private static void say(String key, long revision) {
            synchronized (System.out) {
                System.out.println(key + " " + revision + ".");
                System.out.flush();
            }
        }
    }
}
