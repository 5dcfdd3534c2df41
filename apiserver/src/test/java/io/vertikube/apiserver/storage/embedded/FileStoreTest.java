package io.vertikube.apiserver.storage.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertikube.apiserver.storage.KeyExists;
import io.vertikube.apiserver.storage.RevisionCompacted;
import io.vertikube.apiserver.storage.Store;
import io.vertikube.apiserver.storage.StoreContract;
import io.vertikube.apiserver.storage.StoreUnavailable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest extends StoreContract {

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("state/store.db");
    }

    @Override
    protected Store open() {
        return EmbeddedStore.open(file());
    }

    private void reopen() {
        store.close();
        store = open();
    }

    @Test
    void whatWasWrittenIsThereAfterARestart() {
        long first = store.create("/registry/a/b/x", bytes("1"), 0);
        long second = store.update("/registry/a/b/x", bytes("2"), first, 0);
        long y = store.create("/registry/a/b/y", bytes("y"), 0);
        store.delete("/registry/a/b/y", y);
        reopen();
        assertThat(store.currentRevision()).isEqualTo(y + 1);
        assertThat(store.get("/registry/a/b/x").orElseThrow().revision()).isEqualTo(second);
        assertThat(store.get("/registry/a/b/y")).isEmpty();
        assertThat(store.range("/registry/", null, 9, first).entries()).hasSize(1);
        assertThatThrownBy(() -> store.create("/registry/a/b/x", bytes("3"), 0)).isInstanceOf(KeyExists.class);
    }

    @Test
    void theRevisionNeverGoesBackEvenIfTheNewestChangeWasCompactedAway() {
        long x = store.create("/registry/a/b/x", bytes("1"), 0);
        store.delete("/registry/a/b/x", x);
        store.compact(x + 1);
        reopen();
        assertThat(store.currentRevision()).isEqualTo(x + 1);
        assertThatThrownBy(() -> store.range("/registry/", null, 9, x)).isInstanceOf(RevisionCompacted.class);
        assertThat(store.create("/registry/a/b/x", bytes("2"), 0)).isEqualTo(x + 2);
    }

    @Test
    void aLeaseEndsEvenIfTheServerWasDown() {
        store.create("/registry/core/events/a", bytes("x"), 1);
        reopen();
        Awaitility.await().until(() -> store.get("/registry/core/events/a").isEmpty());
    }

    @Test
    void aFileInUseIsRefusedWithASentence() {
        assertThatThrownBy(() -> EmbeddedStore.open(file()))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("cannot open the store file")
                .hasMessageContaining("if another server uses it, stop that one");
    }

    @Test
    void aFileThatIsNoStoreIsRefusedWithASentence() throws Exception {
        store.close();
        byte[] noise = new byte[40_000];
        new Random(7).nextBytes(noise);
        Files.write(file(), noise);
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("store.db")
                .hasMessageContaining("put a backup in its place");
        Files.delete(file());
        store = open();
    }

    @Test
    void aFileTornAtItsEndIsRecoveredToAnAcknowledgedState() throws Exception {
        for (int i = 0; i < 200; i++) {
            store.create("/registry/a/b/%03d".formatted(i), new byte[2_000], 0);
        }
        store.close();
        byte[] whole = Files.readAllBytes(file());
        for (int cut = 1; cut < 60_000; cut += 7_001) {
            Files.write(file(), Arrays.copyOf(whole, whole.length - cut));
            try {
                store = open();
                int kept =
                        store.range("/registry/a/b/", null, 1_000, 0).entries().size();
                assertThat(store.currentRevision()).isEqualTo(kept + 1L);
                store.close();
            } catch (StoreUnavailable refused) {
                assertThat(refused).hasMessageContaining("put a backup in its place");
            }
        }
        Files.write(file(), whole);
        store = open();
        assertThat(store.range("/registry/a/b/", null, 1_000, 0).entries()).hasSize(200);
    }

    @Test
    void damageInTheMiddleIsNoticedNotServed() throws Exception {
        byte[] value = new byte[3_000];
        Arrays.fill(value, (byte) 'v');
        for (int i = 0; i < 100; i++) {
            store.create("/registry/a/b/%03d".formatted(i), value, 0);
        }
        store.close();
        byte[] whole = Files.readAllBytes(file());
        int newest = new String(whole, StandardCharsets.ISO_8859_1).lastIndexOf("/registry/a/b/099");
        byte[] damaged = whole.clone();
        System.arraycopy(bytes("damage"), 0, damaged, newest + 500, 6);
        Files.write(file(), damaged);
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("is damaged")
                .hasMessageContaining("the checksum of revision 101 does not agree")
                .hasMessageContaining("put a backup in its place");
        Files.write(file(), whole);
        store = open();
        assertThat(store.currentRevision()).isEqualTo(101);
    }

    /** Wherever the damage is, what is served is right or nothing is served. */
    @Test
    void damageAnywhereNeverYieldsWrongBytes() throws Exception {
        byte[] value = new byte[3_000];
        Arrays.fill(value, (byte) 'v');
        for (int i = 0; i < 100; i++) {
            store.create("/registry/a/b/%03d".formatted(i), value, 0);
        }
        store.close();
        byte[] whole = Files.readAllBytes(file());
        for (int at = 0; at < whole.length; at += whole.length / 40) {
            byte[] damaged = whole.clone();
            Arrays.fill(damaged, at, Math.min(whole.length, at + 600), (byte) 0x5a);
            Files.write(file(), damaged);
            try (Store survivor = open()) {
                survivor.range("/registry/a/b/", null, 1_000, 0)
                        .entries()
                        .forEach(entry -> assertThat(entry.value()).isEqualTo(value));
            } catch (StoreUnavailable e) {
                assertThat(e).hasMessageContaining("put a backup in its place");
            }
        }
        Files.write(file(), whole);
        store = open();
    }

    @Test
    void theFileDoesNotGrowForEverUnderUpdates() throws Exception {
        long revision = store.create("/registry/a/b/x", new byte[2_000], 0);
        long grown = 0;
        for (int round = 0; round < 6; round++) {
            for (int i = 0; i < 1_000; i++) {
                revision = store.update("/registry/a/b/x", new byte[2_000], revision, 0);
            }
            store.compact(revision);
            grown = Files.size(file());
        }
        assertThat(grown).isLessThan(200L << 20);
        reopen();
        assertThat(store.get("/registry/a/b/x").orElseThrow().revision()).isEqualTo(revision);
    }
}
