package io.vertikube.kubelet.manifests;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.object.ObjectKey;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What folder and address want together. Safe for any thread. */
public final class StaticPods implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StaticPods.class);

    /** Who has them run. */
    public interface Runner {

        /**
         * Exactly these are to run, by uid.
         *
         * @param complete whether all sources have told theirs; until then nothing that nobody wants is left over
         */
        void run(Map<String, Pod> pods, boolean complete);
    }

    private final Runner runner;
    private final Optional<ManifestFolder> folder;
    private final Optional<ManifestUrl> address;
    private Map<String, Pod> ofFolder = Map.of();
    private @Nullable Map<String, Pod> ofAddress;

    public StaticPods(Vertx vertx, ManifestOptions options, String nodeName, InstantSource clock, Runner runner) {
        this.runner = runner;
        this.folder = options.path()
                .map(path -> new ManifestFolder(path, nodeName, options.fileCheck(), clock, this::folderHas));
        this.address =
                options.url().map(url -> new ManifestUrl(vertx, options, url, nodeName, clock, this::addressHas));
    }

    /** The folder is read before this returns; the address is asked meanwhile. */
    public void start() {
        if (folder.isEmpty()) {
            tell();
        }
        folder.ifPresent(ManifestFolder::start);
        address.ifPresent(ManifestUrl::start);
    }

    @Override
    public void close() {
        folder.ifPresent(ManifestFolder::close);
        address.ifPresent(ManifestUrl::close);
    }

    private synchronized void folderHas(Map<String, Pod> pods) {
        ofFolder = pods;
        tell();
    }

    private synchronized void addressHas(Map<String, Pod> pods) {
        ofAddress = pods;
        tell();
    }

    private synchronized void tell() {
        Map<String, Pod> all = new LinkedHashMap<>(ofFolder);
        Set<ObjectKey> names = new HashSet<>();
        ofFolder.values().forEach(pod -> names.add(ObjectKey.of(pod)));
        if (ofAddress != null) {
            ofAddress.forEach((uid, pod) -> {
                if (names.add(ObjectKey.of(pod))) {
                    all.put(uid, pod);
                } else {
                    LOG.error("static pod {} is wanted twice: it runs once; rename one of them", ObjectKey.of(pod));
                }
            });
        }
        runner.run(all, address.isEmpty() || ofAddress != null);
    }
}
