package io.vertikube.apiserver.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.apiserver.admission.InMemory;
import io.vertikube.apiserver.front.View;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.Gvk;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An event is encoded once, whoever is told of it, and never taken for another. */
final class SharedFramesTest {

    private static final Gvk MAPS = new Gvk("", "v1", "ConfigMap");

    @Test
    void theSameEventIsEncodedOnceAndOthersAreNotTakenForIt() {
        try (var memory = new InMemory()) {
            memory.put("{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a','namespace':'n'}}");
            StoredObject first = stored(memory);
            memory.put(
                    "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a','namespace':'n'},'data':{'b':'c'}}");
            StoredObject second = stored(memory);
            var frames = new SharedFrames();
            var encoded = new AtomicInteger();
            for (int watcher = 0; watcher < 3; watcher++) {
                assertThat(of(frames, event(first, "ADDED", View.Shape.OBJECT), encoded))
                        .containsExactly(1);
            }
            assertThat(of(frames, event(first, "DELETED", View.Shape.OBJECT), encoded))
                    .containsExactly(2);
            assertThat(of(frames, event(first, "ADDED", View.Shape.METADATA), encoded))
                    .containsExactly(3);
            assertThat(of(frames, event(second, "ADDED", View.Shape.OBJECT), encoded))
                    .containsExactly(4);
        }
    }

    private static byte[] of(SharedFrames frames, SharedFrames.Event event, AtomicInteger encoded) {
        return frames.of(event, () -> new byte[] {(byte) encoded.incrementAndGet()});
    }

    private static SharedFrames.Event event(StoredObject object, String kind, View.Shape shape) {
        return new SharedFrames.Event(object, kind, 7, MAPS, shape, "v1");
    }

    private static StoredObject stored(InMemory memory) {
        return memory.storage
                .snapshot(Read.latest())
                .get("/registry/core/configmaps/n/a")
                .orElseThrow();
    }
}
