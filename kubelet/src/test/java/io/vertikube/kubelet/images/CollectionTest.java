package io.vertikube.kubelet.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.kubelet.runtime.Container;
import io.vertikube.kubelet.runtime.ContainerState;
import io.vertikube.kubelet.runtime.Image;
import io.vertikube.kubelet.runtime.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollectionTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    /** An image is {@code name:minutes since first seen:minutes since last used:size}, {@code *} one that is kept. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "longest unused first,    a:60:10:5 b:60:30:5 c:60:20:5, 6,   b c",
        "no more than needed,     a:60:10:5 b:60:30:5,           5,   b",
        "used and pinned stay,    a:60:50:5* b:60:30:5,          100, b",
        "young ones stay,         a:1:1:5 b:60:30:5,             100, b",
        "nothing to free,         a:60:10:5,                     0,   ''"
    })
    void imagesGoUntilEnoughIsFree(String what, String images, long bytes, String expected) {
        assertThat(names(ImagePlan.toFree(CollectionOptions.DEFAULT, known(images), bytes, NOW)))
                .as(what)
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "unused for longer, 30m, a:60:31:5 b:60:29:5 c:60:50:5*, a",
        "never,             0s,  a:60:31:5,                      ''"
    })
    void imagesMayBeTooOld(String what, String age, String images, String expected) {
        var options =
                new CollectionOptions(85, 80, Duration.ofMinutes(2), Duration.parse("PT" + age), 1, -1, Duration.ZERO);
        assertThat(names(ImagePlan.tooOld(options, known(images), NOW)))
                .as(what)
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"16, 100, 0", "15, 100, 5", "0, 100, 20", "5, 0, 0"})
    void diskIsFreedFromTheHighToTheLowThreshold(long available, long capacity, long bytes) {
        assertThat(ImagePlan.bytesToFree(CollectionOptions.DEFAULT, available, capacity))
                .isEqualTo(bytes);
    }

    /** Containers are {@code pod.container}, oldest first, {@code +} one that runs; upper-case pods are over. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "the newest and one more stay,        1,  -1, p.a p.a p.a,         p.a@0,       p.a@0 p.a@1",
        "a running one is not counted,        1,  -1, p.a p.a p.a+,        p.a@0,       p.a@0 p.a@1",
        "each container by itself,            1,  -1, p.a p.b p.a p.b,     '',          p.a@0 p.b@1",
        "none beside the newest,              0,  -1, p.a p.a,             p.a@0,       p.a@0",
        "any number,                          -1, -1, p.a p.a p.a,         '',          p.a@0 p.a@1",
        "in all: the oldest that may go,      1,  2,  p.a p.a q.a q.a,     p.a@0 q.a@2, p.a@0 q.a@2",
        "the newest of a pod that runs stays, 1,  0,  p.a p.a q.a+,        p.a@0,       p.a@0",
        "but not of one that is over,         1,  0,  P.a P.a,             P.a@0 P.a@1, P.a@0 P.a@1"
    })
    void deadContainersGo(String what, int each, int all, String containers, String expected, String whenFull) {
        var options = new CollectionOptions(85, 80, Duration.ofMinutes(2), Duration.ZERO, each, all, Duration.ZERO);
        List<Container> list = containers(containers);
        assertThat(ids(DeadContainerPlan.of(options, list, CollectionTest::isUpper, NOW)))
                .as(what)
                .isEqualTo(expected);
        assertThat(ids(DeadContainerPlan.all(list, CollectionTest::isUpper)))
                .as(what + ", disk full")
                .isEqualTo(whenFull);
    }

    private static boolean isUpper(String uid) {
        return Character.isUpperCase(uid.charAt(0));
    }

    private static List<ImagePlan.Known> known(String images) {
        return Arrays.stream(images.split(" "))
                .map(word -> {
                    String[] parts = word.replace("*", "").split(":");
                    var image = new Image(
                            parts[0],
                            List.of(parts[0]),
                            List.of(),
                            Long.parseLong(parts[3]),
                            OptionalLong.empty(),
                            "",
                            false);
                    return new ImagePlan.Known(
                            image,
                            NOW.minus(Duration.ofMinutes(Long.parseLong(parts[1]))),
                            NOW.minus(Duration.ofMinutes(Long.parseLong(parts[2]))),
                            word.endsWith("*"));
                })
                .toList();
    }

    private static List<Container> containers(String words) {
        List<Container> result = new ArrayList<>();
        for (String word : words.split(" ")) {
            String[] parts = word.replace("+", "").split("\\.");
            int index = result.size();
            result.add(new Container(
                    word.replace("+", "") + "@" + index,
                    "s",
                    parts[1],
                    index,
                    word.endsWith("+") ? ContainerState.RUNNING : ContainerState.EXITED,
                    NOW.minusSeconds(1000 - index),
                    Map.of(Labels.POD_UID, parts[0]),
                    Map.of(),
                    Set.of()));
        }
        return result;
    }

    private static String names(List<Image> images) {
        return images.stream().map(Image::id).collect(Collectors.joining(" "));
    }

    private static String ids(List<Container> containers) {
        return containers.stream().map(Container::id).collect(Collectors.joining(" "));
    }
}
