package io.vertikube.kubelet.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.vertikube.kubelet.pod.PodOrigin;
import io.vertikube.object.ObjectKey;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MirrorPlanTest {

    /** A static pod is {@code name:uid}; of the API's pods {@code name=uid} is a mirror, {@code !} a deleted one. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a new static pod gets a mirror,        a:1, '',   '',    create a",
        "one that is there stays,               a:1, '',   a=1,   ''",
        "one of an older manifest goes,         a:2, '',   a=1,   delete a",
        "one that somebody deleted goes at once, a:1, '',  a=1!,  delete a",
        "one whose manifest is gone goes,       '',  '',   a=1,   delete a",
        "but not before its pod has ended,      '',  a,    a=1,   ''",
        "a pod of the API in the way is told,   a:1, '',   a,     blocked a",
        "pods of the API are left alone,        '',  '',   b,     ''",
        "each by itself,                        a:1 b:1, '', c=1 b=1, create a; delete c"
    })
    void decides(String what, String statics, String ending, String inApi, String expected) {
        List<Pod> pods = words(statics).stream()
                .map(word -> pod(word.split(":")[0], word.split(":")[1], Map.of(PodOrigin.SOURCE, "file")))
                .toList();
        Set<ObjectKey> ends = words(ending).stream()
                .map(name -> new ObjectKey("default", name))
                .collect(Collectors.toSet());
        List<Pod> api = words(inApi).stream().map(MirrorPlanTest::inApi).toList();
        assertThat(MirrorPlan.of(pods, ends, api).stream()
                        .map(MirrorPlanTest::text)
                        .sorted()
                        .collect(Collectors.joining("; ")))
                .as(what)
                .isEqualTo(expected);
    }

    private static Pod inApi(String word) {
        boolean deleted = word.endsWith("!");
        String[] parts = word.replace("!", "").split("=");
        Pod pod = pod(
                parts[0],
                "api-" + parts[0],
                parts.length == 1 ? Map.of() : Map.of(PodOrigin.SOURCE, "file", PodOrigin.MIRROR, parts[1]));
        if (deleted) {
            pod.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
        }
        return pod;
    }

    private static Pod pod(String name, String uid, Map<String, String> annotations) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .withUid(uid)
                .withAnnotations(annotations)
                .endMetadata()
                .build();
    }

    private static String text(MirrorPlan.Action action) {
        return switch (action) {
            case MirrorPlan.Action.Create(Pod pod) ->
                "create " + pod.getMetadata().getName();
            case MirrorPlan.Action.Delete(ObjectKey key, String uid) -> "delete " + key.name();
            case MirrorPlan.Action.Blocked(ObjectKey key) -> "blocked " + key.name();
        };
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty()).toList();
    }
}
