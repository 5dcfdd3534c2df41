package io.vertikube.kubelet.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertikube.kubelet.env.ConfigProblem;
import io.vertikube.kubelet.runtime.IdRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodUsersTest {

    private static final long UNIT = 65536;

    @TempDir
    Path pods;

    @Test
    void everyPodHasItsOwnAndKeepsThemOverARestart() throws IOException {
        assertThat(users(3).give("a")).isEqualTo(range(1));
        assertThat(users(3).give("b")).isEqualTo(range(2));
        assertThat(users(3).give("a")).isEqualTo(range(1));
        assertThat(users(3).of("b")).isEqualTo(range(2));
        assertThat(pods.resolve("a/userns"))
                .hasContent("{\"uidMappings\":[{\"hostId\":65536,\"containerId\":0,\"length\":65536}],"
                        + "\"gidMappings\":[{\"hostId\":65536,\"containerId\":0,\"length\":65536}]}");
    }

    @Test
    void whatAPodGaveBackIsGivenAgain() throws IOException {
        PodUsers users = users(2);
        users.give("a");
        users.give("b");
        assertThatThrownBy(() -> users.give("c"))
                .isInstanceOf(ConfigProblem.class)
                .hasMessage("of the ids 65536 to 196607 no 65536 in a row are free for a user namespace");
        Files.delete(pods.resolve("a/userns"));
        Files.delete(pods.resolve("a"));
        assertThat(users.give("c")).isEqualTo(range(1));
    }

    @Test
    void manyAtOnceShareNothing() {
        PodUsers users = users(40);
        Set<IdRange> given = ConcurrentHashMap.newKeySet();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 40; i++) {
                String uid = "pod-" + i;
                threads.submit(() -> given.add(users.give(uid)));
            }
        }
        Set<Long> starts = new HashSet<>();
        given.forEach(each -> starts.add(each.start()));
        assertThat(starts).hasSize(40).allSatisfy(start -> assertThat(start).isGreaterThanOrEqualTo(UNIT));
    }

    @Test
    void rangesOfAnotherSizeAreKeptAndLeftAlone() throws IOException {
        write("old", text(2 * UNIT, 2 * UNIT));
        PodUsers users = users(8);
        assertThat(users.give("old")).isEqualTo(new IdRange(2 * UNIT, 2 * UNIT));
        assertThat(users.give("a")).isEqualTo(range(1));
        assertThat(users.give("b")).isEqualTo(range(4));
    }

    @Test
    void whatIsNoFolderOfAPodHoldsNobody() throws IOException {
        Files.writeString(pods.resolve("note"), "not a pod");
        Files.createDirectories(pods.resolve("plain/volumes"));
        assertThat(users(2).give("a")).isEqualTo(range(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"uidMappings\":[]}",
                "{\"uidMappings\":[{\"hostId\":65536,\"containerId\":0,\"length\":65536}],"
                        + "\"gidMappings\":[{\"hostId\":131072,\"containerId\":0,\"length\":65536}]}",
                "{\"uidMappings\":[{\"hostId\":0,\"containerId\":0,\"length\":65536}],"
                        + "\"gidMappings\":[{\"hostId\":0,\"containerId\":0,\"length\":65536}]}",
                "{\"uidMappings\":[{\"hostId\":65536,\"containerId\":1,\"length\":65536}],"
                        + "\"gidMappings\":[{\"hostId\":65536,\"containerId\":1,\"length\":65536}]}",
                "{\"uidMappings\":[{\"hostId\":4294901760,\"containerId\":0,\"length\":131072}],"
                        + "\"gidMappings\":[{\"hostId\":4294901760,\"containerId\":0,\"length\":131072}]}",
            })
    void aFileThatCannotBeReadIsSaidAndStays(String text) throws IOException {
        write("bad", text);
        PodUsers users = users(8);
        String problem = "nobody knows which ids a pod has, as " + pods.resolve("bad/userns") + " cannot be read: ";
        assertThatThrownBy(() -> users.give("bad"))
                .isInstanceOf(ConfigProblem.class)
                .hasMessageStartingWith(problem)
                .hasMessageNotContaining("REDACTED");
        assertThatThrownBy(() -> users.of("bad")).hasMessageStartingWith(problem);
        assertThatThrownBy(() -> users.give("new"))
                .as("it might get the ids that the other has")
                .hasMessageStartingWith(problem);
        assertThat(pods.resolve("bad/userns")).hasContent(text);
        assertThat(pods.resolve("new")).doesNotExist();
    }

    @Test
    void aRangeThatTwoPodsClaimIsNeithers() throws IOException {
        write("a", text(UNIT, UNIT));
        write("b", text(UNIT, UNIT));
        assertThatThrownBy(() -> users(8).give("a"))
                .isInstanceOf(ConfigProblem.class)
                .hasMessage("the ids 65536 to 131071 of " + pods.resolve("a/userns") + " are also those of "
                        + pods.resolve("b/userns"));
    }

    @Test
    void aSandboxWhoseIdsAreNotWrittenDownGetsNoOthers() {
        assertThatThrownBy(() -> users(8).of("a"))
                .isInstanceOf(ConfigProblem.class)
                .hasMessageContaining(pods.resolve("a/userns") + " is not there");
    }

    private PodUsers users(int count) {
        return new PodUsers(pods, new IdRange(UNIT, count * UNIT), UNIT);
    }

    private static IdRange range(int index) {
        return new IdRange(index * UNIT, UNIT);
    }

    private static String text(long start, long length) {
        String mapping = "[{\"hostId\":" + start + ",\"containerId\":0,\"length\":" + length + "}]";
        return "{\"uidMappings\":" + mapping + ",\"gidMappings\":" + mapping + "}";
    }

    private void write(String uid, String text) throws IOException {
        Files.createDirectories(pods.resolve(uid));
        Files.writeString(pods.resolve(uid).resolve("userns"), text);
    }
}
