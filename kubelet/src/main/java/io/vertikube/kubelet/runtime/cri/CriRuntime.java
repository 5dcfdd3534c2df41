package io.vertikube.kubelet.runtime.cri;

import static io.vertikube.kubelet.runtime.cri.CriCall.call;
import static io.vertikube.kubelet.runtime.cri.CriCall.callUnlessGone;
import static io.vertikube.kubelet.runtime.cri.CriCall.find;

import com.google.protobuf.ByteString;
import io.vertikube.kubelet.cri.v1.AttachRequest;
import io.vertikube.kubelet.cri.v1.AuthConfig;
import io.vertikube.kubelet.cri.v1.ContainerFilter;
import io.vertikube.kubelet.cri.v1.ContainerStatusRequest;
import io.vertikube.kubelet.cri.v1.CreateContainerRequest;
import io.vertikube.kubelet.cri.v1.ExecRequest;
import io.vertikube.kubelet.cri.v1.ExecSyncRequest;
import io.vertikube.kubelet.cri.v1.ImageFsInfoRequest;
import io.vertikube.kubelet.cri.v1.ImageServiceGrpc;
import io.vertikube.kubelet.cri.v1.ImageSpec;
import io.vertikube.kubelet.cri.v1.ImageStatusRequest;
import io.vertikube.kubelet.cri.v1.ListContainerStatsRequest;
import io.vertikube.kubelet.cri.v1.ListContainersRequest;
import io.vertikube.kubelet.cri.v1.ListImagesRequest;
import io.vertikube.kubelet.cri.v1.ListPodSandboxRequest;
import io.vertikube.kubelet.cri.v1.PodSandboxFilter;
import io.vertikube.kubelet.cri.v1.PodSandboxStatusRequest;
import io.vertikube.kubelet.cri.v1.PortForwardRequest;
import io.vertikube.kubelet.cri.v1.PullImageRequest;
import io.vertikube.kubelet.cri.v1.RemoveContainerRequest;
import io.vertikube.kubelet.cri.v1.RemoveImageRequest;
import io.vertikube.kubelet.cri.v1.RemovePodSandboxRequest;
import io.vertikube.kubelet.cri.v1.ReopenContainerLogRequest;
import io.vertikube.kubelet.cri.v1.RunPodSandboxRequest;
import io.vertikube.kubelet.cri.v1.RuntimeConfigRequest;
import io.vertikube.kubelet.cri.v1.RuntimeServiceGrpc;
import io.vertikube.kubelet.cri.v1.StartContainerRequest;
import io.vertikube.kubelet.cri.v1.StatusRequest;
import io.vertikube.kubelet.cri.v1.StopContainerRequest;
import io.vertikube.kubelet.cri.v1.StopPodSandboxRequest;
import io.vertikube.kubelet.cri.v1.UpdateContainerResourcesRequest;
import io.vertikube.kubelet.cri.v1.VersionRequest;
import io.vertikube.kubelet.rpc.UnixChannel;
import io.vertikube.kubelet.runtime.CgroupDriver;
import io.vertikube.kubelet.runtime.Container;
import io.vertikube.kubelet.runtime.ContainerConfig;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.ContainerUsage;
import io.vertikube.kubelet.runtime.ExecResult;
import io.vertikube.kubelet.runtime.Image;
import io.vertikube.kubelet.runtime.ImageFilesystem;
import io.vertikube.kubelet.runtime.LinuxResources;
import io.vertikube.kubelet.runtime.RegistryCredentials;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.runtime.RuntimeStatus;
import io.vertikube.kubelet.runtime.RuntimeTimeouts;
import io.vertikube.kubelet.runtime.RuntimeVersion;
import io.vertikube.kubelet.runtime.Sandbox;
import io.vertikube.kubelet.runtime.SandboxConfig;
import io.vertikube.kubelet.runtime.SandboxStatus;
import io.vertikube.kubelet.runtime.StreamOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Any runtime that answers CRI v1 on a unix socket. Safe for any thread; calls block. */
public final class CriRuntime implements ContainerRuntime {

    /** For calls that are signs of life. */
    private static final Duration SIGN = Duration.ofSeconds(10);

    private static final Duration PULL = Duration.ofMinutes(30);
    private static final Duration STOP_MARGIN = Duration.ofSeconds(30);

    /** For calls that only look or change bookkeeping. */
    private final Duration brief;

    /** For what may wait for the network plugins or for files. */
    private final Duration making;

    private final StartTurns turns;
    private final UnixChannel channel;
    private final RuntimeServiceGrpc.RuntimeServiceBlockingStub runtime;
    private final ImageServiceGrpc.ImageServiceBlockingStub images;
    private final RuntimeServiceGrpc.RuntimeServiceStub streaming;
    private final KnownItems<ListPodSandboxRequest, Sandbox> allSandboxes = CriLists.sandboxes();
    private final KnownItems<ListContainersRequest, Container> allContainers = CriLists.containers();

    private CriRuntime(UnixChannel channel, int startsAtOnce, Duration request) {
        this.brief = request;
        this.making = request.multipliedBy(2);
        this.turns = new StartTurns(startsAtOnce);
        this.channel = channel;
        this.runtime = RuntimeServiceGrpc.newBlockingStub(channel.channel());
        this.images = ImageServiceGrpc.newBlockingStub(channel.channel());
        this.streaming = RuntimeServiceGrpc.newStub(channel.channel());
    }

    /** Opens a socket given as {@code unix:///path} or a path; connecting happens at the first call. */
    public static CriRuntime open(String endpoint) {
        return open(endpoint, Integer.MAX_VALUE, RuntimeTimeouts.DEFAULT.request());
    }

    /**
     * The same, for a node.
     *
     * @param startsAtOnce how many sandboxes and containers are made at a time; the others wait in order
     * @param request how long the runtime may take for an answer, as {@link RuntimeTimeouts#request} says
     */
    public static CriRuntime open(String endpoint, int startsAtOnce, Duration request) {
        String path = endpoint.startsWith("unix://") ? endpoint.substring("unix://".length()) : endpoint;
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException(
                    "container runtime endpoint \"" + endpoint + "\" is not a unix socket: use unix:///path/to/socket");
        }
        return new CriRuntime(new UnixChannel(Path.of(path), "cri"), startsAtOnce, request);
    }

    @Override
    public RuntimeVersion version() {
        channel.wake();
        var answer = call(() -> within(SIGN)
                .version(VersionRequest.newBuilder().setVersion("v1").build()));
        return new RuntimeVersion(answer.getRuntimeName(), answer.getRuntimeVersion());
    }

    @Override
    public RuntimeStatus status() {
        channel.wake();
        var answer = call(() -> within(SIGN).status(StatusRequest.getDefaultInstance()));
        return FromCri.status(answer);
    }

    @Override
    public Optional<CgroupDriver> cgroupDriver() {
        channel.wake();
        try {
            var answer = call(() -> within(SIGN).runtimeConfig(RuntimeConfigRequest.getDefaultInstance()));
            return FromCri.cgroupDriver(answer);
        } catch (RuntimeFailure e) {
            if (e.kind() == RuntimeFailure.Kind.UNSUPPORTED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public String runSandbox(SandboxConfig config, String handler) {
        return turns.sandbox(() -> call(() -> within(making)
                .runPodSandbox(RunPodSandboxRequest.newBuilder()
                        .setConfig(ToCri.sandbox(config))
                        .setRuntimeHandler(handler)
                        .build())
                .getPodSandboxId()));
    }

    @Override
    public void stopSandbox(String sandboxId) {
        callUnlessGone(() -> within(brief)
                .stopPodSandbox(StopPodSandboxRequest.newBuilder()
                        .setPodSandboxId(sandboxId)
                        .build()));
    }

    @Override
    public void removeSandbox(String sandboxId) {
        callUnlessGone(() -> within(brief)
                .removePodSandbox(RemovePodSandboxRequest.newBuilder()
                        .setPodSandboxId(sandboxId)
                        .build()));
    }

    @Override
    public Optional<SandboxStatus> sandboxStatus(String sandboxId) {
        return find(() -> within(brief)
                        .podSandboxStatus(PodSandboxStatusRequest.newBuilder()
                                .setPodSandboxId(sandboxId)
                                .build()))
                .map(answer -> FromCri.sandboxStatus(answer.getStatus()));
    }

    @Override
    public List<Sandbox> sandboxes(Map<String, String> labels) {
        if (labels.isEmpty()) {
            return call(() -> allSandboxes.all(within(brief), ListPodSandboxRequest.getDefaultInstance()));
        }
        var request = ListPodSandboxRequest.newBuilder()
                .setFilter(PodSandboxFilter.newBuilder().putAllLabelSelector(labels));
        return call(() -> within(brief).listPodSandbox(request.build())).getItemsList().stream()
                .map(FromCri::sandbox)
                .toList();
    }

    @Override
    public String createContainer(String sandboxId, ContainerConfig config, SandboxConfig sandbox) {
        return turns.container(() -> call(() -> within(making)
                .createContainer(CreateContainerRequest.newBuilder()
                        .setPodSandboxId(sandboxId)
                        .setConfig(ToCri.container(config))
                        .setSandboxConfig(ToCri.sandbox(sandbox))
                        .build())
                .getContainerId()));
    }

    @Override
    public void startContainer(String containerId) {
        turns.container(() -> call(() -> within(making)
                .startContainer(StartContainerRequest.newBuilder()
                        .setContainerId(containerId)
                        .build())));
    }

    @Override
    public void stopContainer(String containerId, Duration grace) {
        callUnlessGone(() -> within(grace.plus(STOP_MARGIN))
                .stopContainer(StopContainerRequest.newBuilder()
                        .setContainerId(containerId)
                        .setTimeout(grace.plusMillis(999).toSeconds())
                        .build()));
    }

    @Override
    public void removeContainer(String containerId) {
        callUnlessGone(() -> within(brief)
                .removeContainer(RemoveContainerRequest.newBuilder()
                        .setContainerId(containerId)
                        .build()));
    }

    @Override
    public List<Container> containers(Map<String, String> labels) {
        if (labels.isEmpty()) {
            return call(() -> allContainers.all(within(brief), ListContainersRequest.getDefaultInstance()));
        }
        var request = ListContainersRequest.newBuilder()
                .setFilter(ContainerFilter.newBuilder().putAllLabelSelector(labels));
        return call(() -> within(brief).listContainers(request.build())).getContainersList().stream()
                .map(FromCri::container)
                .toList();
    }

    @Override
    public Optional<ContainerStatus> containerStatus(String containerId) {
        return find(() -> within(brief)
                        .containerStatus(ContainerStatusRequest.newBuilder()
                                .setContainerId(containerId)
                                .build()))
                .map(answer -> FromCri.containerStatus(answer.getStatus(), ""));
    }

    @Override
    public void updateResources(String containerId, LinuxResources resources) {
        call(() -> within(brief)
                .updateContainerResources(UpdateContainerResourcesRequest.newBuilder()
                        .setContainerId(containerId)
                        .setLinux(ToCri.resources(resources))
                        .build()));
    }

    @Override
    public void reopenLog(String containerId) {
        call(() -> within(brief)
                .reopenContainerLog(ReopenContainerLogRequest.newBuilder()
                        .setContainerId(containerId)
                        .build()));
    }

    @Override
    public ExecResult exec(String containerId, List<String> command, Duration timeout) {
        var answer = call(() -> within(timeout.plusSeconds(10))
                .execSync(ExecSyncRequest.newBuilder()
                        .setContainerId(containerId)
                        .addAllCmd(command)
                        .setTimeout(Math.max(1, timeout.toSeconds()))
                        .build()));
        return new ExecResult(answer.getExitCode(), text(answer.getStdout()), text(answer.getStderr()));
    }

    @Override
    public URI execUrl(String containerId, List<String> command, StreamOptions wanted) {
        StreamOptions streams = wanted.normalised();
        return URI.create(call(() -> within(brief)
                .exec(ExecRequest.newBuilder()
                        .setContainerId(containerId)
                        .addAllCmd(command)
                        .setTty(streams.tty())
                        .setStdin(streams.stdin())
                        .setStdout(streams.stdout())
                        .setStderr(streams.stderr())
                        .build())
                .getUrl()));
    }

    @Override
    public URI attachUrl(String containerId, StreamOptions wanted) {
        StreamOptions streams = wanted.normalised();
        return URI.create(call(() -> within(brief)
                .attach(AttachRequest.newBuilder()
                        .setContainerId(containerId)
                        .setTty(streams.tty())
                        .setStdin(streams.stdin())
                        .setStdout(streams.stdout())
                        .setStderr(streams.stderr())
                        .build())
                .getUrl()));
    }

    @Override
    public URI portForwardUrl(String sandboxId, List<Integer> ports) {
        return URI.create(call(() -> within(brief)
                .portForward(PortForwardRequest.newBuilder()
                        .setPodSandboxId(sandboxId)
                        .addAllPort(ports)
                        .build())
                .getUrl()));
    }

    @Override
    public List<ContainerUsage> usage() {
        return call(() -> within(brief).listContainerStats(ListContainerStatsRequest.getDefaultInstance()))
                .getStatsList()
                .stream()
                .map(FromCri::usage)
                .toList();
    }

    @Override
    public Optional<Image> image(String reference) {
        var answer = call(() -> imagesWithin(brief)
                .imageStatus(ImageStatusRequest.newBuilder()
                        .setImage(spec(reference))
                        .build()));
        return answer.hasImage() ? Optional.of(FromCri.image(answer.getImage())) : Optional.empty();
    }

    @Override
    public List<Image> images() {
        return call(() -> imagesWithin(brief).listImages(ListImagesRequest.getDefaultInstance()))
                .getImagesList()
                .stream()
                .map(FromCri::image)
                .toList();
    }

    @Override
    public String pullImage(String reference, Optional<RegistryCredentials> credentials) {
        var request = PullImageRequest.newBuilder().setImage(spec(reference));
        credentials.ifPresent(sign -> request.setAuth(AuthConfig.newBuilder()
                .setUsername(sign.username())
                .setPassword(sign.password())
                .setIdentityToken(sign.identityToken())
                .setServerAddress(sign.serverAddress())));
        return call(() -> imagesWithin(PULL).pullImage(request.build()).getImageRef());
    }

    @Override
    public void removeImage(String reference) {
        callUnlessGone(() -> imagesWithin(brief)
                .removeImage(RemoveImageRequest.newBuilder()
                        .setImage(spec(reference))
                        .build()));
    }

    @Override
    public List<ImageFilesystem> imageFilesystems() {
        return call(() -> imagesWithin(brief).imageFsInfo(ImageFsInfoRequest.getDefaultInstance()))
                .getImageFilesystemsList()
                .stream()
                .map(use -> new ImageFilesystem(
                        use.getFsId().getMountpoint(),
                        use.getUsedBytes().getValue(),
                        use.getInodesUsed().getValue()))
                .toList();
    }

    @Override
    public boolean isCrowded() {
        return turns.areCrowded();
    }

    @Override
    public AutoCloseable events(Consumer<String> podUidChanged) {
        return CriEvents.listen(streaming, podUidChanged);
    }

    @Override
    public void close() {
        channel.close();
    }

    private RuntimeServiceGrpc.RuntimeServiceBlockingStub within(Duration limit) {
        return runtime.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private ImageServiceGrpc.ImageServiceBlockingStub imagesWithin(Duration limit) {
        return images.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static ImageSpec spec(String reference) {
        return ImageSpec.newBuilder().setImage(reference).build();
    }

    private static String text(ByteString bytes) {
        return bytes.toStringUtf8();
    }
}
