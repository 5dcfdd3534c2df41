package io.vertikube.apiserver.storage.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SortedTreeTest {

    private record Kept(SortedTree<Integer> tree, TreeMap<String, Integer> expected) {}

    @Test
    void agreesWithATreeMapWhateverIsDone() {
        var random = new Random(42);
        var expected = new TreeMap<String, Integer>();
        SortedTree<Integer> tree = SortedTree.empty();
        List<Kept> kept = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            String key = "/registry/" + random.nextInt(3) + "/" + random.nextInt(4_000);
            boolean shrinking = i / 15_000 % 2 == 1;
            if (random.nextInt(10) < (shrinking ? 7 : 3)) {
                tree = tree.without(key);
                expected.remove(key);
            } else {
                tree = tree.with(key, i);
                expected.put(key, i);
            }
            if (i % 7_500 == 0) {
                kept.add(new Kept(tree, new TreeMap<>(expected)));
            }
        }
        kept.add(new Kept(tree, expected));
        for (Kept then : kept) {
            agree(then.tree().asMap(), then.expected());
            String end = "/registry/1/" + Character.MAX_VALUE;
            agree(then.tree().under("/registry/1/"), then.expected().subMap("/registry/1/", true, end, true));
            for (String prefix : List.of("", "/", "/a", "/registry/0/", "/registry/1/37", "/registry/1/x", "/z")) {
                assertThat(then.tree().under(prefix).keySet())
                        .as(prefix)
                        .containsExactlyElementsOf(then.expected()
                                .subMap(prefix, true, prefix + Character.MAX_VALUE, true)
                                .keySet());
            }
        }
    }

    private static void agree(NavigableMap<String, Integer> actual, NavigableMap<String, Integer> expected) {
        assertThat(actual).hasSize(expected.size());
        assertThat(new ArrayList<>(actual.entrySet())).isEqualTo(new ArrayList<>(expected.entrySet()));
        assertThat(new ArrayList<>(actual.values())).isEqualTo(new ArrayList<>(expected.values()));
        assertThat(new ArrayList<>(actual.keySet())).isEqualTo(new ArrayList<>(expected.keySet()));
        for (int i = 0; i < 4_000; i += 37) {
            String key = "/registry/1/" + i;
            assertThat(actual.get(key)).isEqualTo(expected.get(key));
            assertThat(actual.floorKey(key)).isEqualTo(expected.floorKey(key));
            assertThat(actual.lowerKey(key)).isEqualTo(expected.lowerKey(key));
            assertThat(actual.ceilingKey(key)).isEqualTo(expected.ceilingKey(key));
            assertThat(actual.higherKey(key)).isEqualTo(expected.higherKey(key));
            assertThat(actual.tailMap(key, false).size())
                    .isEqualTo(expected.tailMap(key, false).size());
            assertThat(actual.headMap(key, true).size())
                    .isEqualTo(expected.headMap(key, true).size());
        }
        assertThat(actual.firstEntry()).isEqualTo(expected.firstEntry());
        assertThat(actual.lastEntry()).isEqualTo(expected.lastEntry());
    }

    @Test
    void anEmptyTreeIsEmpty() {
        SortedTree<Integer> tree = SortedTree.empty();
        assertThat(tree.under("/")).isEmpty();
        assertThat(tree.under("/").firstEntry()).isNull();
        assertThat(tree.without("x")).isSameAs(tree);
        assertThat(tree.with("x", 1).without("x").size()).isZero();
    }

    @Test
    void aPrefixDoesNotReachIntoItsNeighbours() {
        SortedTree<Integer> tree = SortedTree.<Integer>empty()
                .with("/a/b", 1)
                .with("/a/b/", 2)
                .with("/a/b/x", 3)
                .with("/a/b0", 4)
                .with("/a/bb/x", 5);
        assertThat(tree.under("/a/b/").values()).containsExactly(2, 3);
    }
}
