package io.vertikube.kubelet.csi;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.vertikube.kubelet.csi.v1.NodeExpandVolumeRequest;
import io.vertikube.kubelet.csi.v1.NodeExpandVolumeResponse;
import io.vertikube.kubelet.csi.v1.NodeGetCapabilitiesRequest;
import io.vertikube.kubelet.csi.v1.NodeGetCapabilitiesResponse;
import io.vertikube.kubelet.csi.v1.NodeGetInfoRequest;
import io.vertikube.kubelet.csi.v1.NodeGetInfoResponse;
import io.vertikube.kubelet.csi.v1.NodeGetVolumeStatsRequest;
import io.vertikube.kubelet.csi.v1.NodeGetVolumeStatsResponse;
import io.vertikube.kubelet.csi.v1.NodeGrpc;
import io.vertikube.kubelet.csi.v1.NodePublishVolumeRequest;
import io.vertikube.kubelet.csi.v1.NodePublishVolumeResponse;
import io.vertikube.kubelet.csi.v1.NodeServiceCapability;
import io.vertikube.kubelet.csi.v1.NodeServiceCapability.RPC;
import io.vertikube.kubelet.csi.v1.NodeStageVolumeRequest;
import io.vertikube.kubelet.csi.v1.NodeStageVolumeResponse;
import io.vertikube.kubelet.csi.v1.NodeUnpublishVolumeRequest;
import io.vertikube.kubelet.csi.v1.NodeUnpublishVolumeResponse;
import io.vertikube.kubelet.csi.v1.NodeUnstageVolumeRequest;
import io.vertikube.kubelet.csi.v1.NodeUnstageVolumeResponse;
import io.vertikube.kubelet.csi.v1.Topology;
import io.vertikube.kubelet.csi.v1.VolumeUsage;
import io.vertikube.kubelet.kernel.Mounts;
import io.vertikube.kubelet.registration.v1.InfoRequest;
import io.vertikube.kubelet.registration.v1.PluginInfo;
import io.vertikube.kubelet.registration.v1.RegistrationGrpc;
import io.vertikube.kubelet.registration.v1.RegistrationStatus;
import io.vertikube.kubelet.registration.v1.RegistrationStatusResponse;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A driver whose volumes are folders of its own, bound to where they are wanted, with everything it is asked written down.
 * One that cannot stage binds at once. Safe for any thread.
 */
public final class PretendedDriver implements AutoCloseable {

    /** Everything asked, as one line each. */
    public final List<String> calls = new CopyOnWriteArrayList<>();

    /** The last requests, for the fields that lines do not show. */
    public final Map<String, NodePublishVolumeRequest> published = new ConcurrentHashMap<>();

    public final Map<String, NodeStageVolumeRequest> staged = new ConcurrentHashMap<>();

    /** Calls that are to fail, by name, with what they say. */
    public final Map<String, String> failing = new ConcurrentHashMap<>();

    /** What was answered to the driver's registration. */
    public final List<RegistrationStatus> answers = new CopyOnWriteArrayList<>();

    public final Path socket;

    private final String name;
    private final Path store;
    private final Set<RPC.Type> capabilities;
    private final EventLoopGroup group;
    private final List<Server> servers = new ArrayList<>();

    public PretendedDriver(Path folder, String name, RPC.Type... capabilities) throws IOException {
        this.name = name;
        this.capabilities = Set.of(capabilities);
        this.store = Files.createDirectories(folder.resolve("store"));
        this.socket = folder.resolve("csi.sock");
        this.group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        servers.add(serve(socket, new Node()));
    }

    /** Serves the registration socket that a registrar would. */
    public void register(Path registrySocket, String type, List<String> versions) throws IOException {
        register(registrySocket, type, versions, name, socket);
    }

    /** Serves the registration socket of some other plugin. */
    public void register(Path registrySocket, String type, List<String> versions, String plugin, Path endpoint)
            throws IOException {
        Files.createDirectories(registrySocket.getParent());
        servers.add(serve(registrySocket, new Registration(type, versions, plugin, endpoint)));
    }

    /** What was asked since the last time. */
    public List<String> takeCalls() {
        List<String> taken = List.copyOf(calls);
        calls.clear();
        return taken;
    }

    @Override
    public void close() {
        servers.forEach(Server::shutdownNow);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private Server serve(Path path, io.grpc.BindableService service) throws IOException {
        return NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(path))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(group)
                .workerEventLoopGroup(group)
                .addService(service)
                .build()
                .start();
    }

    private interface Work {
        void run() throws IOException;
    }

    private <T> void answer(String call, StreamObserver<T> to, T with, Work work) {
        calls.add(call);
        String problem = failing.get(call.split(" ", 2)[0]);
        try {
            if (problem != null) {
                throw new IOException(problem);
            }
            work.run();
            to.onNext(with);
            to.onCompleted();
        } catch (IOException e) {
            to.onError(Status.INTERNAL.withDescription(e.getMessage()).asRuntimeException());
        }
    }

    private Path volume(String id) throws IOException {
        return Files.createDirectories(store.resolve(id));
    }

    private static void bind(Path from, Path to) throws IOException {
        if (!Mounts.isMountPoint(to)) {
            Mounts.bindBeneath(from, ".", to);
        }
    }

    private static void unbind(Path path) throws IOException {
        if (Mounts.isMountPoint(path)) {
            Mounts.unmount(path);
        }
        Files.deleteIfExists(path);
    }

    private final class Node extends NodeGrpc.NodeImplBase {

        @Override
        public void nodeGetInfo(NodeGetInfoRequest request, StreamObserver<NodeGetInfoResponse> to) {
            to.onNext(NodeGetInfoResponse.newBuilder()
                    .setNodeId("id-of-this-machine")
                    .setMaxVolumesPerNode(12)
                    .setAccessibleTopology(Topology.newBuilder().putSegments("topology." + name + "/zone", "z1"))
                    .build());
            to.onCompleted();
        }

        @Override
        public void nodeGetCapabilities(
                NodeGetCapabilitiesRequest request, StreamObserver<NodeGetCapabilitiesResponse> to) {
            var all = NodeGetCapabilitiesResponse.newBuilder();
            capabilities.forEach(type -> all.addCapabilities(NodeServiceCapability.newBuilder()
                    .setRpc(NodeServiceCapability.RPC.newBuilder().setType(type))));
            to.onNext(all.build());
            to.onCompleted();
        }

        @Override
        public void nodeStageVolume(NodeStageVolumeRequest request, StreamObserver<NodeStageVolumeResponse> to) {
            staged.put(request.getVolumeId(), request);
            answer("stage " + request.getVolumeId(), to, NodeStageVolumeResponse.getDefaultInstance(), () -> {
                if (request.getVolumeCapability().hasMount()) {
                    bind(volume(request.getVolumeId()), Path.of(request.getStagingTargetPath()));
                }
            });
        }

        @Override
        public void nodeUnstageVolume(NodeUnstageVolumeRequest request, StreamObserver<NodeUnstageVolumeResponse> to) {
            answer(
                    "unstage " + request.getVolumeId(),
                    to,
                    NodeUnstageVolumeResponse.getDefaultInstance(),
                    () -> unbind(Path.of(request.getStagingTargetPath())));
        }

        @Override
        public void nodePublishVolume(NodePublishVolumeRequest request, StreamObserver<NodePublishVolumeResponse> to) {
            published.put(request.getVolumeId(), request);
            String call = "publish " + request.getVolumeId() + (request.getReadonly() ? " read-only" : "");
            answer(call, to, NodePublishVolumeResponse.getDefaultInstance(), () -> {
                Path target = Path.of(request.getTargetPath());
                if (request.getVolumeCapability().hasBlock()) {
                    if (!Mounts.isMountPoint(target)) {
                        Mounts.bindBeneath(Path.of("/dev"), "null", target);
                    }
                } else {
                    bind(volume(request.getVolumeId()), target);
                }
            });
        }

        @Override
        public void nodeUnpublishVolume(
                NodeUnpublishVolumeRequest request, StreamObserver<NodeUnpublishVolumeResponse> to) {
            answer(
                    "unpublish " + request.getVolumeId(),
                    to,
                    NodeUnpublishVolumeResponse.getDefaultInstance(),
                    () -> unbind(Path.of(request.getTargetPath())));
        }

        @Override
        public void nodeExpandVolume(NodeExpandVolumeRequest request, StreamObserver<NodeExpandVolumeResponse> to) {
            long bytes = request.getCapacityRange().getRequiredBytes();
            answer(
                    "expand " + request.getVolumeId() + " " + bytes,
                    to,
                    NodeExpandVolumeResponse.newBuilder()
                            .setCapacityBytes(bytes)
                            .build(),
                    () -> {});
        }

        @Override
        public void nodeGetVolumeStats(
                NodeGetVolumeStatsRequest request, StreamObserver<NodeGetVolumeStatsResponse> to) {
            answer(
                    "stats " + request.getVolumeId(),
                    to,
                    NodeGetVolumeStatsResponse.newBuilder()
                            .addUsage(VolumeUsage.newBuilder()
                                    .setUnit(VolumeUsage.Unit.BYTES)
                                    .setTotal(100)
                                    .setUsed(30)
                                    .setAvailable(70))
                            .build(),
                    () -> {});
        }
    }

    private final class Registration extends RegistrationGrpc.RegistrationImplBase {

        private final String type;
        private final List<String> versions;
        private final String plugin;
        private final Path endpoint;

        Registration(String type, List<String> versions, String plugin, Path endpoint) {
            this.type = type;
            this.versions = versions;
            this.plugin = plugin;
            this.endpoint = endpoint;
        }

        @Override
        public void getInfo(InfoRequest request, StreamObserver<PluginInfo> to) {
            to.onNext(PluginInfo.newBuilder()
                    .setType(type)
                    .setName(plugin)
                    .setEndpoint(endpoint.toString())
                    .addAllSupportedVersions(versions)
                    .build());
            to.onCompleted();
        }

        @Override
        public void notifyRegistrationStatus(RegistrationStatus status, StreamObserver<RegistrationStatusResponse> to) {
            answers.add(status);
            to.onNext(RegistrationStatusResponse.getDefaultInstance());
            to.onCompleted();
        }
    }

    /** A context as text in a fixed order. */
    public static String sorted(Map<String, String> map) {
        return new TreeMap<>(map).toString();
    }
}
