package io.vertikube.kubelet.csi;

import io.grpc.StatusRuntimeException;
import io.vertikube.kubelet.csi.v1.NodeExpandVolumeRequest;
import io.vertikube.kubelet.csi.v1.NodeGetCapabilitiesRequest;
import io.vertikube.kubelet.csi.v1.NodeGetInfoRequest;
import io.vertikube.kubelet.csi.v1.NodeGetInfoResponse;
import io.vertikube.kubelet.csi.v1.NodeGetVolumeStatsRequest;
import io.vertikube.kubelet.csi.v1.NodeGetVolumeStatsResponse;
import io.vertikube.kubelet.csi.v1.NodeGrpc;
import io.vertikube.kubelet.csi.v1.NodePublishVolumeRequest;
import io.vertikube.kubelet.csi.v1.NodeServiceCapability.RPC;
import io.vertikube.kubelet.csi.v1.NodeStageVolumeRequest;
import io.vertikube.kubelet.csi.v1.NodeUnpublishVolumeRequest;
import io.vertikube.kubelet.csi.v1.NodeUnstageVolumeRequest;
import io.vertikube.kubelet.rpc.UnixChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A driver of this machine on its socket. Safe for any thread; calls block, {@link CsiFailure} is how they fail. */
public final class CsiDriver implements AutoCloseable {

    /** Staging may make a file system first. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String name;
    private final UnixChannel channel;
    private final NodeGrpc.NodeBlockingStub node;
    private final NodeGetInfoResponse info;
    private final Set<RPC.Type> capabilities;

    private CsiDriver(String name, UnixChannel channel) {
        this.name = name;
        this.channel = channel;
        this.node = NodeGrpc.newBlockingStub(channel.channel());
        this.info = call(stub -> stub.nodeGetInfo(NodeGetInfoRequest.getDefaultInstance()));
        var known = EnumSet.noneOf(RPC.Type.class);
        call(stub -> stub.nodeGetCapabilities(NodeGetCapabilitiesRequest.getDefaultInstance()))
                .getCapabilitiesList()
                .forEach(capability -> known.add(capability.getRpc().getType()));
        this.capabilities = known;
    }

    /** Connects and asks what the driver is and can. */
    public static CsiDriver connect(String name, Path socket) {
        var channel = new UnixChannel(socket, "csi-" + name);
        try {
            return new CsiDriver(name, channel);
        } catch (CsiFailure e) {
            channel.close();
            throw e;
        }
    }

    public String name() {
        return name;
    }

    /** How the driver calls this machine. */
    public String nodeId() {
        return info.getNodeId();
    }

    /** Most volumes of the driver on this machine, 0 for no limit. */
    public long maxVolumes() {
        return info.getMaxVolumesPerNode();
    }

    /** Where the driver says that this machine is, by label. */
    public Map<String, String> topology() {
        return Map.copyOf(info.getAccessibleTopology().getSegmentsMap());
    }

    boolean can(RPC.Type what) {
        return capabilities.contains(what);
    }

    void stage(NodeStageVolumeRequest request) {
        call(stub -> stub.nodeStageVolume(request));
    }

    void unstage(String volume, Path staging) {
        call(stub -> stub.nodeUnstageVolume(NodeUnstageVolumeRequest.newBuilder()
                .setVolumeId(volume)
                .setStagingTargetPath(staging.toString())
                .build()));
    }

    void publish(NodePublishVolumeRequest request) {
        call(stub -> stub.nodePublishVolume(request));
    }

    void unpublish(String volume, Path target) {
        call(stub -> stub.nodeUnpublishVolume(NodeUnpublishVolumeRequest.newBuilder()
                .setVolumeId(volume)
                .setTargetPath(target.toString())
                .build()));
    }

    void expand(NodeExpandVolumeRequest request) {
        call(stub -> stub.nodeExpandVolume(request));
    }

    NodeGetVolumeStatsResponse stats(NodeGetVolumeStatsRequest request) {
        return call(stub -> stub.nodeGetVolumeStats(request));
    }

    @Override
    public void close() {
        channel.close();
    }

    private <T> T call(Function<NodeGrpc.NodeBlockingStub, T> rpc) {
        try {
            return rpc.apply(node.withDeadlineAfter(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (StatusRuntimeException e) {
            throw CsiFailure.of(e);
        }
    }
}
