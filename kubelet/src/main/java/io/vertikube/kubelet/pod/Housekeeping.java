package io.vertikube.kubelet.pod;

import io.vertikube.control.Rounds;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.volume.ClaimSource;
import io.vertikube.kubelet.volume.LocalFolders;
import io.vertikube.object.ApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away files, mounts and cgroups of pods that neither the API, nor a worker, nor the runtime knows: what a kubelet
 * that died half-way left. And the folders of volumes that were deleted. One virtual thread, every minute or so.
 */
public final class Housekeeping implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final Duration FIRST = Duration.ofSeconds(10);

    private final PodTools tools;
    private final Pods pods;
    private final LocalFolders folders;
    private final ClaimSource claims;
    private final Rounds rounds;

    /** Volumes that were not there in the last round; a folder goes when its volume is missed twice. */
    private final Set<String> missed = new HashSet<>();

    public Housekeeping(PodTools tools, Pods pods, LocalFolders folders, ClaimSource claims) {
        this.tools = tools;
        this.pods = pods;
        this.folders = folders;
        this.claims = claims;
        this.rounds = new Rounds(
                "housekeeping", FIRST, PERIOD, this::look, "leftovers of pods stay for now", RuntimeFailure.class);
    }

    public void start() {
        rounds.start();
    }

    @Override
    public void close() {
        rounds.close();
    }

    private void look() throws IOException {
        if (pods.synced()) {
            round();
            tools.volumes().giveBackLeft();
            removeFolders();
        }
    }

    private void round() throws IOException {
        Set<String> left = new HashSet<>(tools.volumes().podUids());
        left.addAll(tools.cgroups().podUids());
        left.addAll(tools.devices().podUids());
        tools.runtime()
                .sandboxes(Map.of())
                .forEach(sandbox -> left.remove(sandbox.labels().getOrDefault(Labels.POD_UID, "")));
        tools.runtime()
                .containers(Map.of())
                .forEach(container -> left.remove(container.labels().getOrDefault(Labels.POD_UID, "")));
        pods.all().forEach(pod -> left.remove(pod.getMetadata().getUid()));
        for (String uid : left) {
            if (!pods.knows(uid)) {
                LOG.info("pod {} is gone, its files go too", uid);
                tools.volumes().tearDown(uid);
                tools.cgroups().remove(uid);
                tools.devices().forget(uid);
            }
        }
    }

    /** Only when the API says that there is no such volume: a refusal or silence says nothing. */
    private void removeFolders() throws IOException {
        for (LocalFolders.Noted noted : folders.all()) {
            if (thereOrUnknown(noted.volume())) {
                missed.remove(noted.volume());
            } else if (!missed.add(noted.volume())) {
                LOG.info("volume {} is gone, its folder {} goes too", noted.volume(), noted.folder());
                folders.remove(noted);
                missed.remove(noted.volume());
            }
        }
    }

    private boolean thereOrUnknown(String volume) {
        try {
            return claims.volume(volume).isPresent();
        } catch (ApiException e) {
            if (e.isForbidden()) {
                return true;
            }
            throw e;
        }
    }
}
