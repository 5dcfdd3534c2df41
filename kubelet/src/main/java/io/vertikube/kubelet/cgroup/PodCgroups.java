package io.vertikube.kubelet.cgroup;

import io.vertikube.kubelet.kernel.MachineCommands;
import io.vertikube.kubelet.runtime.CgroupDriver;
import io.vertikube.kubelet.runtime.LinuxResources;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cgroups above containers: {@code <root>/kubepods/[burstable|besteffort/]pod<uid>}, as folders or as slices of systemd.
 * The class of pods that ask for nothing has the least shares of the processor, Burstable those of its pods together.
 * Without a root nothing is made and the runtime decides. Safe for any thread.
 */
public final class PodCgroups {

    private static final Logger LOG = LoggerFactory.getLogger(PodCgroups.class);

    private static final Path MOUNT = Path.of("/sys/fs/cgroup");
    private static final long LEAST_SHARES = 2;

    private final Optional<String> root;
    private final CgroupOptions options;
    private final Supplier<Optional<CgroupDriver>> runtimes;
    private final CgroupFiles files;
    private final SystemdSlices slices;

    /** Shares that the class' cgroup was given last, by class. */
    private final Map<String, Long> classShares = new ConcurrentHashMap<>();

    /** Null until the runtime has answered. */
    private volatile @Nullable CgroupNames settled;

    /** What all pods share was limited to, and by whom; null before. */
    private volatile @Nullable Enforced enforced;

    private record Enforced(NodeShares shares, CgroupDriver by) {}

    /** An {@link IllegalArgumentException} where the driver is systemd and it does not run. */
    public PodCgroups(Optional<String> root) {
        this(root, CgroupOptions.DEFAULT, Optional::empty);
    }

    /**
     * Makes one.
     *
     * @param root below which pods' cgroups are; empty when the runtime decides
     * @param runtimes who makes cgroups for the runtime, which is asked until it answers; empty when it does not say, so that
     *     the options' driver does
     * @throws IllegalArgumentException where the options' driver is systemd and it does not run
     */
    public PodCgroups(Optional<String> root, CgroupOptions options, Supplier<Optional<CgroupDriver>> runtimes) {
        this(root, options, runtimes, MOUNT, MachineCommands.INSTALLED);
        if (this.root.isPresent() && options.driver() == CgroupDriver.SYSTEMD) {
            SystemdSlices.demandSystemd();
        }
    }

    PodCgroups(Optional<String> root, Path mount) {
        this(root, CgroupOptions.DEFAULT, Optional::empty, mount, MachineCommands.INSTALLED);
    }

    PodCgroups(
            Optional<String> root,
            CgroupOptions options,
            Supplier<Optional<CgroupDriver>> runtimes,
            Path mount,
            MachineCommands commands) {
        this.root = root.filter(path -> !path.isBlank());
        this.options = options;
        this.runtimes = runtimes;
        this.files = new CgroupFiles(mount);
        this.slices = new SystemdSlices(commands);
    }

    /**
     * What containers' limits become here.
     *
     * @param swapBytes what swap the machine has
     * @throws IllegalArgumentException if the kernel's version of cgroups has not what is asked for
     */
    public LimitPolicy limits(long swapBytes) throws IOException {
        if (options.failOnV1() && !files.isV2()) {
            throw new IllegalArgumentException("--fail-cgroupv1: this machine has cgroup v1:"
                    + " boot it with systemd.unified_cgroup_hierarchy=1, or start without the flag");
        }
        return options.limits().on(files.isV2(), files.limitsSwap(), swapBytes);
    }

    private Optional<CgroupNames> names() {
        return root.map(path -> settled == null ? settle(path) : settled);
    }

    /** A runtime that is away has no pods to be made, so until it is there the options' driver is as good as any. */
    private CgroupNames settle(String path) {
        try {
            var names = new CgroupNames(path, runtimes.get().orElse(options.driver()));
            if (names.driver() != options.driver()) {
                LOG.info("cgroups are made by {}, as the runtime says", names.driver());
            }
            settled = names;
            return names;
        } catch (RuntimeFailure e) {
            LOG.debug("the runtime does not say yet who makes cgroups: {}", e.getMessage());
            return new CgroupNames(path, options.driver());
        }
    }

    /** The parent to tell the runtime for a pod: a folder, or with systemd a slice; empty when the runtime decides. */
    public String parentOf(String uid, String qosClass) {
        return names().map(all -> "/" + all.pod(uid, qosClass)).orElse("");
    }

    /** The cgroup above all pods; empty when the runtime decides. */
    public String ofAllPods() {
        return names().map(all -> "/" + all.above("Guaranteed")).orElse("");
    }

    /** Makes a pod's cgroup and sets its limits; one that is there gets them. */
    public void create(String uid, String qosClass, LinuxResources limits) throws IOException {
        create(uid, qosClass, limits, PodReserves.NONE);
    }

    /** As {@link #create(String, String, LinuxResources)}, with what is kept for the pod and its limits of large pages. */
    public void create(String uid, String qosClass, LinuxResources limits, PodReserves reserves) throws IOException {
        String parent = parentOf(uid, qosClass);
        if (parent.isEmpty()) {
            return;
        }
        Enforced before = enforced;
        if (before != null && before.by() != driver()) {
            enforce(before.shares());
        }
        String path = parent.substring(1);
        make(path, limits, options.podPidsLimit(), options.memoryQos() ? reserves.memoryRequest() : 0);
        for (Map.Entry<String, Long> pages : reserves.hugepages().entrySet()) {
            files.limitPages(path, pages.getKey(), pages.getValue());
        }
        shareOut(qosClass, nameOf(path), limits.cpuShares());
    }

    /** Removes the cgroups of a pod, whatever class it had; one that still holds processes stays and is told. */
    public void remove(String uid) throws IOException {
        if (names().isEmpty()) {
            return;
        }
        for (String qos : CgroupNames.CLASSES) {
            String path = names().get().pod(uid, qos);
            if (!files.isThere(path)) {
                continue;
            }
            if (isSystemd()) {
                slices.stop(nameOf(path));
            } else {
                files.remove(path);
            }
            shareOut(qos, nameOf(path), 0);
        }
    }

    /** The uids of pods that have cgroups. */
    public List<String> podUids() throws IOException {
        List<String> found = new ArrayList<>();
        if (names().isEmpty()) {
            return found;
        }
        for (String qos : CgroupNames.CLASSES) {
            for (String folder :
                    files.below(names().get().above(qos), names().get().podPrefix(qos))) {
                found.add(names().get().uid(folder, qos));
            }
        }
        return found.stream().distinct().toList();
    }

    /**
     * Limits all pods together, and the system's and the kubelet's own cgroups, as far as that is wanted.
     *
     * @throws IllegalArgumentException if a cgroup of the machine's that is to be limited is not there
     */
    public void enforce(NodeShares shares) throws IOException {
        CgroupOptions.Enforcement wanted = options.enforcement();
        enforced = new Enforced(shares, driver());
        if (names().isPresent() && wanted.what().contains(CgroupOptions.Enforced.PODS)) {
            NodeShares.Share all = shares.pods();
            make(ofAllPods().substring(1), all.asLimits(), all.pids(), 0);
        }
        if (wanted.what().contains(CgroupOptions.Enforced.SYSTEM_RESERVED)) {
            limit("System", wanted.system().orElseThrow(), shares.system());
        }
        if (wanted.what().contains(CgroupOptions.Enforced.KUBE_RESERVED)) {
            limit("Kube", wanted.kube().orElseThrow(), shares.kube());
        }
    }

    private void limit(String whose, String cgroup, NodeShares.Share share) throws IOException {
        String path = cgroup.startsWith("/") ? cgroup.substring(1) : cgroup;
        if (path.isEmpty() || !files.isThere(path)) {
            throw new IllegalArgumentException("Failed to enforce " + whose + " Reserved Cgroup Limits on \"" + cgroup
                    + "\": the cgroup does not exist; make it, or leave " + whose.toLowerCase(java.util.Locale.ROOT)
                    + "-reserved out of --enforce-node-allocatable");
        }
        make(path, share.asLimits(), share.pids(), 0);
    }

    private void make(String path, LinuxResources limits, long pids, long memoryMin) throws IOException {
        if (isSystemd()) {
            slices.start(nameOf(path), limits, pids, memoryMin, files.isV2(), files.isThere(path));
        } else {
            files.make(path, limits, memoryMin, pids);
        }
    }

    /**
     * What the pods of a class have together is what the class has. It is read from the kernel, which survives the kubelet,
     * but for the pod that changes now.
     */
    private void shareOut(String qosClass, String changed, long changedShares) throws IOException {
        if (qosClass.equals("Guaranteed") || names().isEmpty()) {
            return;
        }
        String above = names().get().above(qosClass);
        long shares = LEAST_SHARES;
        if (qosClass.equals("Burstable")) {
            long sum = changedShares + files.sharesBelow(above, names().get().podPrefix(qosClass), changed);
            shares = Math.max(LEAST_SHARES, sum);
        }
        Long before = classShares.put(qosClass, shares);
        if (before != null && before == shares) {
            return;
        }
        if (isSystemd()) {
            slices.setShares(nameOf(above), shares, files.isV2());
        } else {
            files.setShares(above, shares);
        }
    }

    private boolean isSystemd() {
        return driver() == CgroupDriver.SYSTEMD;
    }

    private CgroupDriver driver() {
        return names().map(CgroupNames::driver).orElse(options.driver());
    }

    private static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
