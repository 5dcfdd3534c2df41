package io.vertikube.kubelet;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClass;
import io.vertikube.client.ApiClient;
import io.vertikube.kubelet.admission.NodeAdmission;
import io.vertikube.kubelet.cgroup.LimitPolicy;
import io.vertikube.kubelet.cgroup.PodCgroups;
import io.vertikube.kubelet.csi.CsiDrivers;
import io.vertikube.kubelet.csi.CsiMounts;
import io.vertikube.kubelet.csi.CsiNodeWriter;
import io.vertikube.kubelet.csi.OtherPlugins;
import io.vertikube.kubelet.csi.PluginRegistry;
import io.vertikube.kubelet.devices.NodeDevices;
import io.vertikube.kubelet.env.PodDns;
import io.vertikube.kubelet.images.ImageGuard;
import io.vertikube.kubelet.kernel.KernelLog;
import io.vertikube.kubelet.node.Allocatable;
import io.vertikube.kubelet.node.Machine;
import io.vertikube.kubelet.node.NodeStatusPlan;
import io.vertikube.kubelet.pod.AppArmorPlan;
import io.vertikube.kubelet.pod.ContainerSpec;
import io.vertikube.kubelet.pod.Housekeeping;
import io.vertikube.kubelet.pod.ImagePuller;
import io.vertikube.kubelet.pod.NodeFacts;
import io.vertikube.kubelet.pod.PodEvents;
import io.vertikube.kubelet.pod.PodTools;
import io.vertikube.kubelet.pod.Pods;
import io.vertikube.kubelet.pod.Relist;
import io.vertikube.kubelet.pod.RuntimeObserver;
import io.vertikube.kubelet.probe.NetworkCalls;
import io.vertikube.kubelet.probe.PodCalls;
import io.vertikube.kubelet.probe.ProbeKind;
import io.vertikube.kubelet.probe.Probes;
import io.vertikube.kubelet.probe.SimulatedCalls;
import io.vertikube.kubelet.resize.Allocations;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.source.ApiClaimSource;
import io.vertikube.kubelet.source.ApiCsiSource;
import io.vertikube.kubelet.source.ApiTokenSource;
import io.vertikube.kubelet.status.StatusWriter;
import io.vertikube.kubelet.users.PodUsers;
import io.vertikube.kubelet.users.SubordinateIds;
import io.vertikube.kubelet.volume.CsiAccess;
import io.vertikube.kubelet.volume.HostPaths;
import io.vertikube.kubelet.volume.LocalFolders;
import io.vertikube.kubelet.volume.PodVolumes;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How this node's pods are run: the workers, what they share, and what finds out that they have to look. Immutable. */
final class PodParts {

    private static final Logger LOG = LoggerFactory.getLogger(PodParts.class);

    private final PodTools tools;
    private final Pods pods;
    private final Relist relist;
    private final Housekeeping housekeeping;
    private final CsiMounts csiMounts;
    private final PluginRegistry plugins;
    private final NodeDevices devices;

    PodParts(Ground ground, ApiViews views) throws IOException {
        KubeletOptions options = ground.options();
        ApiClient client = ground.client();
        boolean simulated = options.isSimulated();
        var clock = ground.clock();
        var events = new PodEvents(ground.recorder());
        var claims = new ApiClaimSource(client);
        var folders = new LocalFolders(options.rootDir(), simulated);
        CsiDrivers drivers = ground.own(new CsiDrivers());
        this.csiMounts = new CsiMounts(drivers, options.rootDir(), ground.switchboard()::wakeNode);
        var volumes = new PodVolumes(
                options.rootDir(),
                views.configs(),
                new ApiTokenSource(client, clock),
                claims,
                simulated ? HostPaths.SIMULATED : HostPaths.ofMachine(),
                folders,
                new CsiAccess(options.hostname(), new ApiCsiSource(client), csiMounts, events::record),
                !simulated && isRoot());
        var cgroups = new PodCgroups(
                simulated ? Optional.empty() : options.cgroupRoot(),
                options.policies().cgroups(),
                ground.runtime()::cgroupDriver);
        PodCalls calls = ground.own(simulated ? new SimulatedCalls() : new NetworkCalls(ground.vertx()));
        StatusWriter status = ground.own(new StatusWriter(client, views::shown, ground.runtime()::isCrowded));
        NodeFacts facts = facts(ground, cgroups);
        this.devices = ground.own(new NodeDevices(options.rootDir(), ground.switchboard()::wakeNode, clock));
        boolean appArmor = simulated || AppArmorPlan.isEnabled();
        this.tools = new PodTools(
                options,
                () -> facts,
                ground.runtime(),
                new RuntimeObserver(
                        ground.runtime(), id -> !simulated && KernelLog.ranOutOfMemory(KernelLog.read(), id)),
                volumes,
                cgroups,
                users(options),
                new Allocations(options.rootDir()),
                devices.pods(),
                probes(ground, calls, events),
                status,
                events,
                new ImagePuller(
                        ground.runtime(),
                        views.configs(),
                        events,
                        clock,
                        options.policies().pods().pulls(),
                        new ImageGuard(options.policies().pods().images(), ground.pulled())),
                calls,
                views.configs(),
                views.services()::list,
                name -> handler(client, name),
                pod -> AppArmorPlan.refuse(pod, appArmor)
                        .or(() -> ground.switchboard().refuse(pod)),
                clock);
        this.pods = ground.own(new Pods(tools, client, views.pods()));
        ground.switchboard().connect(pods);
        ground.switchboard().connect(devices.pods());
        ground.switchboard()
                .connect(new NodeAdmission(
                        () -> views.nodes().get(new ObjectKey("", options.hostname())),
                        pods,
                        events,
                        devices.pods()::counts));
        this.relist = ground.own(new Relist(ground.runtime(), tools.observer(), pods, clock));
        ground.own(ground.runtime().events(pods::wake));
        this.housekeeping = ground.own(new Housekeeping(tools, pods, folders, claims));
        this.plugins = ground.own(new PluginRegistry(
                options.rootDir(), drivers, new CsiNodeWriter(client, options.hostname()), devicePlugins(), clock));
    }

    /** @throws IOException if the folder that storage drivers register in cannot be made */
    void start() throws IOException {
        if (!tools.options().isSimulated()) {
            plugins.start();
            devices.start();
        }
        pods.start();
        relist.start();
        housekeeping.start();
    }

    PodTools tools() {
        return tools;
    }

    Pods pods() {
        return pods;
    }

    Relist relist() {
        return relist;
    }

    NodeDevices devices() {
        return devices;
    }

    CsiMounts csiMounts() {
        return csiMounts;
    }

    private OtherPlugins devicePlugins() {
        return new OtherPlugins() {
            @Override
            public Optional<String> add(String name, Path endpoint, List<String> versions) {
                return devices.add(name, endpoint, versions);
            }

            @Override
            public void remove(String name) {
                devices.remove(name);
            }
        };
    }

    private static Probes probes(Ground ground, PodCalls calls, PodEvents events) {
        Switchboard switchboard = ground.switchboard();
        var probes = new Probes(
                ground.runtime(),
                calls,
                ground.clock(),
                switchboard::wakePod,
                (uid, container, kind, success, output) ->
                        switchboard.pod(uid).ifPresent(pod -> probed(events, pod, container, kind, success, output)));
        ground.own(probes::close);
        return probes;
    }

    private static void probed(
            PodEvents events, Pod pod, String container, ProbeKind kind, boolean success, String output) {
        ContainerSpec.find(pod, container)
                .ifPresent(spec -> events.warning(
                        pod,
                        spec,
                        success ? "ProbeWarning" : "Unhealthy",
                        kind.title() + (success ? " probe warning: " : " probe failed: ") + output.strip()));
    }

    private static NodeFacts facts(Ground ground, PodCgroups cgroups) throws IOException {
        KubeletOptions options = ground.options();
        Machine.Resources resources = ground.machine().resources();
        return new NodeFacts(
                options.hostname(),
                ground.addresses(),
                resources.memoryBytes(),
                List.copyOf(resources.largePages().keySet()),
                options.isSimulated() ? LimitPolicy.DEFAULT : cgroups.limits(Machine.swapBytes()),
                Allocatable.of(
                        NodeStatusPlan.capacity(
                                resources, options.maxPods(), options.policies().node()),
                        resources,
                        options.policies()),
                PodDns.parse(Machine.resolvConf()),
                options.isSimulated() ? "simulated" : runtimeName(ground.runtime()));
    }

    /** A runtime that is not there yet will be; its name is only used in container ids. */
    private static String runtimeName(ContainerRuntime runtime) {
        try {
            return runtime.version().name();
        } catch (RuntimeFailure e) {
            LOG.warn("the runtime does not answer yet: {}", e.getMessage());
            return "containerd";
        }
    }

    private static String handler(ApiClient client, String runtimeClass) {
        try {
            return client.of(RuntimeClass.class).get("", runtimeClass).getHandler();
        } catch (ApiException e) {
            throw new RuntimeFailure(
                    RuntimeFailure.Kind.OTHER,
                    "failed to get sandbox runtime: runtimeclass \"" + runtimeClass + "\": " + e.getMessage(),
                    e);
        }
    }

    /** Simulated containers have nobody's users. */
    private static PodUsers users(KubeletOptions options) throws IOException {
        long each = options.policies().pods().idsPerPod();
        return new PodUsers(
                options.rootDir().resolve("pods"),
                options.isSimulated()
                        ? SubordinateIds.unclaimed(each, options.maxPods())
                        : SubordinateIds.read(Path.of("/etc"), each, options.maxPods()),
                each);
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
