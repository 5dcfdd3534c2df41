package io.vertikube.kubelet;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClass;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertikube.cache.Informer;
import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.client.ListOptions;
import io.vertikube.control.EventRecorder;
import io.vertikube.kubelet.cgroup.PodCgroups;
import io.vertikube.kubelet.csi.CsiDrivers;
import io.vertikube.kubelet.csi.CsiMounts;
import io.vertikube.kubelet.csi.CsiNodeWriter;
import io.vertikube.kubelet.csi.PluginRegistry;
import io.vertikube.kubelet.env.ConfigSource;
import io.vertikube.kubelet.env.PodDns;
import io.vertikube.kubelet.eviction.Evictions;
import io.vertikube.kubelet.eviction.MachineSignals;
import io.vertikube.kubelet.eviction.NodeSignals;
import io.vertikube.kubelet.eviction.PodUsage;
import io.vertikube.kubelet.eviction.PressureAdmission;
import io.vertikube.kubelet.images.CollectionOptions;
import io.vertikube.kubelet.images.DeadContainers;
import io.vertikube.kubelet.images.ImageCollection;
import io.vertikube.kubelet.manifests.ManifestFolder;
import io.vertikube.kubelet.manifests.Mirrors;
import io.vertikube.kubelet.node.Allocatable;
import io.vertikube.kubelet.node.Machine;
import io.vertikube.kubelet.node.NodeAgent;
import io.vertikube.kubelet.node.NodeLease;
import io.vertikube.kubelet.node.NodeStatusPlan;
import io.vertikube.kubelet.node.PodNetwork;
import io.vertikube.kubelet.pod.AppArmorPlan;
import io.vertikube.kubelet.pod.ContainerSpec;
import io.vertikube.kubelet.pod.Housekeeping;
import io.vertikube.kubelet.pod.ImagePuller;
import io.vertikube.kubelet.pod.NodeFacts;
import io.vertikube.kubelet.pod.PodEvents;
import io.vertikube.kubelet.pod.PodOrigin;
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
import io.vertikube.kubelet.runtime.cri.CriRuntime;
import io.vertikube.kubelet.runtime.simulated.SimulatedRuntime;
import io.vertikube.kubelet.server.KubeletServer;
import io.vertikube.kubelet.server.LogRotation;
import io.vertikube.kubelet.shutdown.GracefulShutdown;
import io.vertikube.kubelet.shutdown.SystemState;
import io.vertikube.kubelet.source.ApiClaimSource;
import io.vertikube.kubelet.source.ApiConfigSource;
import io.vertikube.kubelet.source.ApiCsiSource;
import io.vertikube.kubelet.source.ApiTokenSource;
import io.vertikube.kubelet.source.ChangeDetection;
import io.vertikube.kubelet.source.ConfigWatches;
import io.vertikube.kubelet.status.PodStatusPlan;
import io.vertikube.kubelet.status.StatusWriter;
import io.vertikube.kubelet.volume.CsiAccess;
import io.vertikube.kubelet.volume.HostPaths;
import io.vertikube.kubelet.volume.LocalFolders;
import io.vertikube.kubelet.volume.PodVolumes;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import io.vertikube.service.HealthChecks;
import io.vertikube.service.RunningService;
import io.vertikube.value.Cidr;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running kubelet: the composition root, read top to bottom. Stopping it leaves the pods running; a new one finds them
 * again. Safe for any thread.
 */
public final class KubeletService implements RunningService {

    private static final Logger LOG = LoggerFactory.getLogger(KubeletService.class);
    private static final Duration RUNTIME_SILENCE = Duration.ofMinutes(3);

    /** Raw calls reach the runtime's best rate with 8 to 16 pods under way; more only make all of them late. */
    private static final int STARTS_AT_ONCE = 8;

    private static final String SIMULATED_RANGE = "10.255.0.0/16";

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final KubeletServer server;
    private final NodeAgent node;
    private final GracefulShutdown shutdown;
    private final ContainerRuntime runtime;

    private KubeletService(
            Vertx vertx,
            KubeletOptions options,
            MeterRegistry meters,
            ContainerRuntime runtime,
            Optional<NodeSignals> given)
            throws IOException {
        InstantSource clock = InstantSource.system();
        this.runtime = runtime;
        Files.createDirectories(options.rootDir());
        KubeConfig config = KubeConfig.load(options.kubeconfig());
        ApiClient client = own(ApiClient.connect(vertx, config, "kubelet"));
        own(runtime);
        var machine = new Machine(options.rootDir());
        List<String> addresses = List.of(options.nodeIp().orElseGet(() -> Machine.addressTowards(config.server())));
        boolean mayMount = !options.isSimulated() && isRoot();

        EventRecorder recorder = own(new EventRecorder(client, "kubelet", options.hostname()));
        var events = new PodEvents(recorder);
        var woken = new Waker();
        ChangeDetection detection = options.policies().changeDetection();
        var fetched = new ApiConfigSource(client, clock, detection.remembered());
        Optional<ConfigWatches> watches = detection == ChangeDetection.WATCH
                ? Optional.of(own(new ConfigWatches(client, fetched, woken::wake)))
                : Optional.empty();
        ConfigSource configs = watches.<ConfigSource>map(watched -> watched).orElse(fetched);
        var claims = new ApiClaimSource(client);
        var folders = new LocalFolders(options.rootDir(), options.isSimulated());
        CsiDrivers drivers = own(new CsiDrivers());
        var csiMounts = new CsiMounts(drivers, options.rootDir(), this::lookAtNode);
        var volumes = new PodVolumes(
                options.rootDir(),
                configs,
                new ApiTokenSource(client, clock),
                claims,
                options.isSimulated() ? HostPaths.SIMULATED : HostPaths.ofMachine(),
                folders,
                new CsiAccess(options.hostname(), new ApiCsiSource(client), csiMounts, events::record),
                mayMount);
        var cgroups = new PodCgroups(
                options.isSimulated() ? Optional.empty() : options.cgroupRoot(),
                options.policies().cgroups());
        PodCalls calls = own(options.isSimulated() ? new SimulatedCalls() : new NetworkCalls(vertx));

        Informer<Pod> ownPods =
                own(Informer.create(client, Pod.class, "", ListOptions.fields("spec.nodeName=" + options.hostname())));
        watches.ifPresent(watched -> ownPods.onChange(watched::podChanged));
        StatusWriter status = own(new StatusWriter(client, pod -> shownIn(ownPods, pod)));
        if (runtime instanceof SimulatedRuntime simulated) {
            simulated.annotations(uid -> annotations(ownPods, uid));
        }
        Informer<Service> services = own(Informer.create(client, Service.class, "", ListOptions.all()));
        Informer<Node> nodes = own(Informer.create(client, Node.class, "", ListOptions.all()));

        var facts = facts(options, machine, addresses);
        var probes = new Probes(
                runtime,
                calls,
                clock,
                woken::wake,
                (uid, container, kind, success, output) -> woken.pods().stream()
                        .filter(pod -> pod.getMetadata().getUid().equals(uid))
                        .findFirst()
                        .ifPresent(pod -> probed(events, pod, container, kind, success, output)));
        own(probes::close);
        boolean appArmor = options.isSimulated() || AppArmorPlan.isEnabled();
        var tools = new PodTools(
                options,
                () -> facts,
                runtime,
                new RuntimeObserver(runtime),
                volumes,
                cgroups,
                new Allocations(options.rootDir()),
                probes,
                status,
                events,
                new ImagePuller(runtime, configs, events, clock),
                calls,
                configs,
                services::list,
                name -> handler(client, name),
                pod -> AppArmorPlan.refuse(pod, appArmor).or(() -> woken.admit(pod)),
                clock);
        Pods pods = own(new Pods(tools, client, ownPods));
        woken.pods = pods;
        Relist relist = own(new Relist(runtime, pods, clock));
        own(runtime.events(pods::wake));
        NodeSignals signals = given.orElseGet(() -> new MachineSignals(machine, runtime, options.rootDir()));
        CollectionOptions collection = options.policies().collection();
        DeadContainers deadContainers = own(
                new DeadContainers(collection, runtime, pods, options.podLogsDir(), tools.observer()::removed, clock));
        ImageCollection images =
                own(new ImageCollection(collection, options.hostname(), runtime, signals, recorder, clock));
        Evictions evictions = own(new Evictions(
                options.policies().eviction(),
                options.hostname(),
                signals,
                new PodUsage(runtime, cgroups, options.rootDir().resolve("pods"), options.podLogsDir()),
                pods,
                () -> {
                    deadContainers.freeAll();
                    images.freeAll();
                },
                recorder,
                this::lookAtNode,
                clock));
        woken.evictions = evictions;
        Housekeeping housekeeping = own(new Housekeeping(tools, pods, folders, claims));
        LogRotation rotation = own(new LogRotation(runtime, clock));

        var health = new HealthChecks();
        health.addLive(
                "syncloop",
                () -> relist.lastSuccess().isAfter(clock.instant().minus(RUNTIME_SILENCE))
                                || relist.lastSuccess().equals(Instant.MIN)
                        ? Optional.empty()
                        : Optional.of("the runtime has not answered for " + RUNTIME_SILENCE));
        this.server = own(
                KubeletServer.start(vertx, options, client, runtime, pods, machine, cgroups, health, meters, clock));
        PodNetwork network = own(new PodNetwork(options, nodes::list, this::lookAtNode));
        this.node = own(new NodeAgent(
                options,
                client,
                runtime,
                machine,
                addresses,
                server::port,
                seen -> adopt(seen, network),
                evictions::conditions,
                options.isSimulated() ? List::of : csiMounts::inUse,
                clock));
        health.addReady("node", () -> node.ready() ? Optional.empty() : Optional.of("the node is not ready"));
        Mirrors mirrors = own(new Mirrors(client, pods, ownPods, node::node, status));
        pods.onStatics(mirrors::wake);
        Optional<ManifestFolder> manifests = options.policies()
                .staticPodPath()
                .map(path -> own(new ManifestFolder(
                        path, options.hostname(), options.policies().fileCheckFrequency(), clock, pods::statics)));
        PluginRegistry plugins = own(
                new PluginRegistry(options.rootDir(), drivers, new CsiNodeWriter(client, options.hostname()), clock));
        this.shutdown = new GracefulShutdown(
                options.policies().shutdown(), SystemState::isStopping, pods, status, node::shuttingDown, clock);
        woken.shutdown = shutdown;
        NodeLease lease = own(new NodeLease(client, options.hostname(), node::node, options.leaseRenewal(), clock));
        nodes.onChange((old, fresh) -> {
            Node changed = fresh == null ? old : fresh;
            if (changed != null
                    && fresh != null
                    && changed.getMetadata().getName().equals(options.hostname())) {
                adopt(fresh, network);
            }
            network.wake();
        });
        Gauge.builder("kubelet.running.pods", pods, known -> known.all().size()).register(meters);

        node.start();
        manifests.ifPresent(ManifestFolder::start);
        mirrors.start();
        ownPods.start();
        services.start();
        nodes.start();
        if (options.manageCni() && !options.isSimulated()) {
            network.start();
        }
        lease.start();
        if (!options.isSimulated()) {
            plugins.start();
        }
        pods.start();
        relist.start();
        housekeeping.start();
        deadContainers.start();
        evictions.start();
        if (!options.isSimulated()) {
            images.start();
        }
        rotation.start();
    }

    /** Starts a kubelet; returns when it serves. The node becomes Ready on its own, soon after. */
    public static KubeletService start(Vertx vertx, KubeletOptions options, MeterRegistry meters) {
        ContainerRuntime runtime = options.isSimulated()
                ? new SimulatedRuntime(InstantSource.system(), Cidr.parse(SIMULATED_RANGE))
                : CriRuntime.open(options.runtimeEndpoint(), STARTS_AT_ONCE);
        return start(vertx, options, meters, runtime);
    }

    /** Starts a kubelet on a runtime that is there already, which it closes when it stops. */
    public static KubeletService start(
            Vertx vertx, KubeletOptions options, MeterRegistry meters, ContainerRuntime runtime) {
        return start(vertx, options, meters, runtime, Optional.empty());
    }

    /** Starts a kubelet that is told what its machine has left, rather than to look itself. */
    public static KubeletService start(
            Vertx vertx,
            KubeletOptions options,
            MeterRegistry meters,
            ContainerRuntime runtime,
            Optional<NodeSignals> signals) {
        try {
            var service = new KubeletService(vertx, options, meters, runtime, signals);
            LOG.info("kubelet of node {} serves on port {}", options.hostname(), service.port());
            return service;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the kubelet: " + e.getMessage(), e);
        }
    }

    @Override
    public String name() {
        return "kubelet";
    }

    /** The HTTPS port. */
    public int port() {
        return server.port();
    }

    /** Whether the API has been told that the node is Ready. */
    public boolean nodeReady() {
        return node.ready();
    }

    @Override
    public void close() {
        shutdown.run();
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} did not close cleanly: {}", part.getClass().getSimpleName(), e.getMessage());
            }
        }
    }

    /** Where the API shows a pod's status: for a static pod in its mirror. */
    private static Optional<Pod> shownIn(Informer<Pod> inApi, Pod pod) {
        return PodOrigin.isStatic(pod)
                ? inApi.get(ObjectKey.of(pod)).filter(mirror -> PodOrigin.isMirrorOf(mirror, pod))
                : Optional.of(pod);
    }

    private static Map<String, String> annotations(Informer<Pod> pods, String uid) {
        return pods.list().stream()
                .filter(pod -> pod.getMetadata().getUid().equals(uid))
                .findFirst()
                .map(pod -> pod.getMetadata().getAnnotations())
                .orElse(Map.of());
    }

    private <T extends AutoCloseable> T own(T part) {
        parts.push(part);
        return part;
    }

    private void lookAtNode() {
        node.wake();
    }

    private void adopt(Node seen, PodNetwork network) {
        String cidr = seen.getSpec() == null ? null : seen.getSpec().getPodCIDR();
        if (cidr == null || cidr.isEmpty()) {
            return;
        }
        network.podCidr(cidr);
        if (runtime instanceof SimulatedRuntime simulated) {
            simulated.addresses(Cidr.parse(cidr));
        }
    }

    private NodeFacts facts(KubeletOptions options, Machine machine, List<String> addresses) throws IOException {
        Machine.Resources resources = machine.resources();
        String runtimeName = options.isSimulated() ? "simulated" : runtimeName();
        return new NodeFacts(
                options.hostname(),
                addresses,
                resources.memoryBytes(),
                Allocatable.of(NodeStatusPlan.capacity(resources, options.maxPods()), resources, options.policies()),
                PodDns.parse(Machine.resolvConf()),
                runtimeName);
    }

    /** A runtime that is not there yet will be; its name is only used in container ids. */
    private String runtimeName() {
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

    private static void probed(
            PodEvents events, Pod pod, String container, ProbeKind kind, boolean success, String output) {
        ContainerSpec.find(pod, container)
                .ifPresent(spec -> events.warning(
                        pod,
                        spec,
                        success ? "ProbeWarning" : "Unhealthy",
                        kind.title() + (success ? " probe warning: " : " probe failed: ") + output.strip()));
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Ties the knots between probes, which wake pods, evictions, which end them, and pods, which ask both. Set once, before anything starts. */
    private static final class Waker {
        private volatile @org.jspecify.annotations.Nullable Pods pods;
        private volatile @org.jspecify.annotations.Nullable Evictions evictions;
        private volatile @org.jspecify.annotations.Nullable GracefulShutdown shutdown;

        void wake(String uid) {
            Pods known = pods;
            if (known != null) {
                known.wake(uid);
            }
        }

        Optional<PodStatusPlan.PodEnd> admit(Pod pod) {
            GracefulShutdown ending = shutdown;
            Evictions known = evictions;
            Optional<PodStatusPlan.PodEnd> late = ending == null ? Optional.empty() : ending.refuse();
            return late.isPresent() || known == null ? late : PressureAdmission.refuse(pod, known.pressures());
        }

        List<Pod> pods() {
            Pods known = pods;
            return known == null ? List.of() : known.all();
        }
    }
}
