package io.vertikube.kubelet.devices;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.vertikube.kubelet.deviceplugin.v1beta1.AllocateRequest;
import io.vertikube.kubelet.deviceplugin.v1beta1.AllocateResponse;
import io.vertikube.kubelet.deviceplugin.v1beta1.CDIDevice;
import io.vertikube.kubelet.deviceplugin.v1beta1.ContainerAllocateResponse;
import io.vertikube.kubelet.deviceplugin.v1beta1.ContainerPreferredAllocationResponse;
import io.vertikube.kubelet.deviceplugin.v1beta1.Device;
import io.vertikube.kubelet.deviceplugin.v1beta1.DevicePluginGrpc;
import io.vertikube.kubelet.deviceplugin.v1beta1.DevicePluginOptions;
import io.vertikube.kubelet.deviceplugin.v1beta1.DeviceSpec;
import io.vertikube.kubelet.deviceplugin.v1beta1.Empty;
import io.vertikube.kubelet.deviceplugin.v1beta1.ListAndWatchResponse;
import io.vertikube.kubelet.deviceplugin.v1beta1.Mount;
import io.vertikube.kubelet.deviceplugin.v1beta1.PreStartContainerRequest;
import io.vertikube.kubelet.deviceplugin.v1beta1.PreStartContainerResponse;
import io.vertikube.kubelet.deviceplugin.v1beta1.PreferredAllocationRequest;
import io.vertikube.kubelet.deviceplugin.v1beta1.PreferredAllocationResponse;
import io.vertikube.kubelet.deviceplugin.v1beta1.RegisterRequest;
import io.vertikube.kubelet.deviceplugin.v1beta1.RegistrationGrpc;
import io.vertikube.kubelet.rpc.UnixChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A plugin on a socket beside the kubelet's, with everything it is asked written down. Safe for any thread. */
public final class PretendedPlugin implements AutoCloseable {

    /** Everything asked of devices, as one line each. */
    public final List<String> calls = new CopyOnWriteArrayList<>();

    /** What it prefers, if it is asked. */
    public volatile List<String> preferred = List.of();

    /** What Allocate fails with; empty: it does not. */
    public volatile String failing = "";

    public final Path socket;

    private final Path folder;
    private final DevicePluginOptions options;
    private final EventLoopGroup group;
    private final Server server;
    private final Map<String, Boolean> devices = new TreeMap<>();
    private final List<StreamObserver<ListAndWatchResponse>> watches = new CopyOnWriteArrayList<>();

    /** Serves devices that are healthy. */
    public PretendedPlugin(Path rootDir, String name, boolean prefers, boolean preStart, String... ids)
            throws IOException {
        folder = Files.createDirectories(rootDir.resolve("device-plugins"));
        socket = folder.resolve(name);
        options = DevicePluginOptions.newBuilder()
                .setGetPreferredAllocationAvailable(prefers)
                .setPreStartRequired(preStart)
                .build();
        Arrays.stream(ids).forEach(id -> devices.put(id, true));
        group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(group)
                .workerEventLoopGroup(group)
                .addService(new Plugin())
                .build()
                .start();
    }

    /** Registers with the kubelet; throws what that answers. */
    public void register(String resource) {
        register(folder, "v1beta1", socket.getFileName().toString(), resource);
    }

    static void register(Path folder, String version, String endpoint, String resource) {
        var channel = new UnixChannel(folder.resolve("kubelet.sock"), "test");
        try {
            RegistrationGrpc.newBlockingStub(channel.channel())
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .register(RegisterRequest.newBuilder()
                            .setVersion(version)
                            .setEndpoint(endpoint)
                            .setResourceName(resource)
                            .build());
        } finally {
            channel.close();
        }
    }

    /** What a registration is refused with. */
    static String refusal(Path folder, String version, String endpoint, String resource) {
        try {
            register(folder, version, endpoint, resource);
            return "";
        } catch (StatusRuntimeException e) {
            return String.valueOf(e.getStatus().getDescription());
        }
    }

    /** Tells that a device is healthy or not, or that there is one more. */
    public synchronized void tell(String id, boolean healthy) {
        devices.put(id, healthy);
        watches.forEach(this::tell);
    }

    public List<String> takeCalls() {
        List<String> taken = List.copyOf(calls);
        calls.clear();
        return taken;
    }

    @Override
    public void close() {
        server.shutdownNow();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private void tell(StreamObserver<ListAndWatchResponse> watch) {
        var list = ListAndWatchResponse.newBuilder();
        devices.forEach((id, healthy) ->
                list.addDevices(Device.newBuilder().setID(id).setHealth(healthy ? "Healthy" : "Unhealthy")));
        watch.onNext(list.build());
    }

    private static <T> void answer(StreamObserver<T> to, T with) {
        to.onNext(with);
        to.onCompleted();
    }

    private final class Plugin extends DevicePluginGrpc.DevicePluginImplBase {

        @Override
        public void getDevicePluginOptions(Empty request, StreamObserver<DevicePluginOptions> to) {
            answer(to, options);
        }

        @Override
        public void listAndWatch(Empty request, StreamObserver<ListAndWatchResponse> to) {
            synchronized (PretendedPlugin.this) {
                ((ServerCallStreamObserver<ListAndWatchResponse>) to).setOnCancelHandler(() -> watches.remove(to));
                watches.add(to);
                tell(to);
            }
        }

        @Override
        public void getPreferredAllocation(
                PreferredAllocationRequest request, StreamObserver<PreferredAllocationResponse> to) {
            var asked = request.getContainerRequests(0);
            calls.add("prefer " + asked.getAllocationSize() + " of " + asked.getAvailableDeviceIDsList() + " with "
                    + asked.getMustIncludeDeviceIDsList());
            answer(
                    to,
                    PreferredAllocationResponse.newBuilder()
                            .addContainerResponses(ContainerPreferredAllocationResponse.newBuilder()
                                    .addAllDeviceIDs(preferred))
                            .build());
        }

        @Override
        public void allocate(AllocateRequest request, StreamObserver<AllocateResponse> to) {
            List<String> ids = request.getContainerRequests(0).getDevicesIdsList();
            calls.add("allocate " + ids);
            if (!failing.isEmpty()) {
                to.onError(Status.INTERNAL.withDescription(failing).asRuntimeException());
                return;
            }
            var given = ContainerAllocateResponse.newBuilder()
                    .putEnvs("DEVICES", String.join(",", ids))
                    .putEnvs("OWN", "plugin")
                    .addMounts(Mount.newBuilder()
                            .setContainerPath("/opt/driver")
                            .setHostPath("/usr/lib")
                            .setReadOnly(true))
                    .putAnnotations("example.com/devices", String.join(",", ids));
            ids.forEach(id -> given.addDevices(DeviceSpec.newBuilder()
                            .setContainerPath("/dev/" + id)
                            .setHostPath("/dev/null")
                            .setPermissions("rw"))
                    .addCdiDevices(CDIDevice.newBuilder().setName("example.com/gpu=" + id)));
            answer(
                    to,
                    AllocateResponse.newBuilder().addContainerResponses(given).build());
        }

        @Override
        public void preStartContainer(PreStartContainerRequest request, StreamObserver<PreStartContainerResponse> to) {
            calls.add("start " + request.getDevicesIdsList());
            answer(to, PreStartContainerResponse.getDefaultInstance());
        }
    }
}
