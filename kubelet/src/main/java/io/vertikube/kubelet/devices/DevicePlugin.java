package io.vertikube.kubelet.devices;

import io.grpc.StatusRuntimeException;
import io.vertikube.kubelet.deviceplugin.v1beta1.AllocateRequest;
import io.vertikube.kubelet.deviceplugin.v1beta1.AllocateResponse;
import io.vertikube.kubelet.deviceplugin.v1beta1.ContainerAllocateRequest;
import io.vertikube.kubelet.deviceplugin.v1beta1.ContainerAllocateResponse;
import io.vertikube.kubelet.deviceplugin.v1beta1.ContainerPreferredAllocationRequest;
import io.vertikube.kubelet.deviceplugin.v1beta1.Device;
import io.vertikube.kubelet.deviceplugin.v1beta1.DevicePluginGrpc;
import io.vertikube.kubelet.deviceplugin.v1beta1.DevicePluginOptions;
import io.vertikube.kubelet.deviceplugin.v1beta1.Empty;
import io.vertikube.kubelet.deviceplugin.v1beta1.PreStartContainerRequest;
import io.vertikube.kubelet.deviceplugin.v1beta1.PreferredAllocationRequest;
import io.vertikube.kubelet.rpc.UnixChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A plugin on its socket, for one resource. Safe for any thread; calls block, {@link DeviceFailure} is how they fail. */
final class DevicePlugin implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DevicePlugin.class);
    private static final Duration TO_CONNECT = Duration.ofSeconds(10);
    private static final Duration TO_START = Duration.ofSeconds(30);

    /** Kubernetes waits for ever, which would hold back every other pod that asks for devices. */
    private static final Duration TO_ALLOCATE = Duration.ofMinutes(2);

    private static final String HEALTHY = "Healthy";

    private final String resource;
    private final UnixChannel channel;
    private final DevicePluginGrpc.DevicePluginBlockingStub stub;
    private final DevicePluginOptions options;

    private DevicePlugin(String resource, UnixChannel channel) {
        this.resource = resource;
        this.channel = channel;
        this.stub = DevicePluginGrpc.newBlockingStub(channel.channel());
        this.options = call(
                "GetDevicePluginOptions",
                TO_CONNECT,
                plugin -> plugin.withWaitForReady().getDevicePluginOptions(Empty.getDefaultInstance()));
    }

    /** Connects, for which a plugin that has just been started has some seconds, and asks what it wants. */
    static DevicePlugin connect(String resource, Path socket) {
        var channel = new UnixChannel(socket, "device-plugin");
        try {
            return new DevicePlugin(resource, channel);
        } catch (DeviceFailure e) {
            channel.close();
            throw e;
        }
    }

    String resource() {
        return resource;
    }

    /**
     * Tells of its devices until the plugin is gone, in a thread of its own.
     *
     * @param seen is given all devices by id, and whether each is healthy
     * @param ended runs once, at the end
     */
    void watch(Consumer<Map<String, Boolean>> seen, Runnable ended) {
        Thread.ofVirtual().name("devices-" + resource).start(() -> {
            try {
                stub.listAndWatch(Empty.getDefaultInstance()).forEachRemaining(list -> {
                    Map<String, Boolean> devices = new TreeMap<>();
                    for (Device device : list.getDevicesList()) {
                        devices.put(device.getID(), device.getHealth().equals(HEALTHY));
                    }
                    seen.accept(devices);
                });
                LOG.info("the plugin for {} tells nothing of its devices any more", resource);
            } catch (StatusRuntimeException e) {
                LOG.info("the plugin for {} is gone: {}", resource, e.getMessage());
            } finally {
                ended.run();
            }
        });
    }

    /** Which of the devices it would give, if it cares; more or less than asked for, or others, mean nothing. */
    List<String> preferred(List<String> available, List<String> must, int size) {
        if (!options.getGetPreferredAllocationAvailable()) {
            return List.of();
        }
        var request = PreferredAllocationRequest.newBuilder()
                .addContainerRequests(ContainerPreferredAllocationRequest.newBuilder()
                        .addAllAvailableDeviceIDs(available)
                        .addAllMustIncludeDeviceIDs(must)
                        .setAllocationSize(size))
                .build();
        return call("GetPreferredAllocation", TO_ALLOCATE, plugin -> plugin.getPreferredAllocation(request))
                .getContainerResponsesList()
                .stream()
                .findFirst()
                .map(answer -> List.copyOf(answer.getDeviceIDsList()))
                .orElse(List.of());
    }

    /** Has the plugin prepare devices; answers what a container needs to use them. */
    ContainerAllocateResponse allocate(Collection<String> ids) {
        var request = AllocateRequest.newBuilder()
                .addContainerRequests(ContainerAllocateRequest.newBuilder().addAllDevicesIds(ids))
                .build();
        AllocateResponse answer = call("Allocate", TO_ALLOCATE, plugin -> plugin.allocate(request));
        if (answer.getContainerResponsesCount() == 0) {
            throw new DeviceFailure("no containers return in allocation response of the plugin for " + resource);
        }
        return answer.getContainerResponses(0);
    }

    /** Whether {@link #preStart} is to be called before each start of a container. */
    boolean wantsPreStart() {
        return options.getPreStartRequired();
    }

    void preStart(Collection<String> ids) {
        var request =
                PreStartContainerRequest.newBuilder().addAllDevicesIds(ids).build();
        call("PreStartContainer", TO_START, plugin -> plugin.preStartContainer(request));
    }

    @Override
    public void close() {
        channel.close();
    }

    private <T> T call(String name, Duration patience, Function<DevicePluginGrpc.DevicePluginBlockingStub, T> rpc) {
        try {
            return rpc.apply(stub.withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (StatusRuntimeException e) {
            throw DeviceFailure.of(name, e);
        }
    }
}
