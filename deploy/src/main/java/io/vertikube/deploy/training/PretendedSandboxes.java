package io.vertikube.deploy.training;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.vertikube.kubelet.cri.v1.Container;
import io.vertikube.kubelet.cri.v1.ContainerState;
import io.vertikube.kubelet.cri.v1.ContainerStatus;
import io.vertikube.kubelet.cri.v1.ContainerStatusRequest;
import io.vertikube.kubelet.cri.v1.ContainerStatusResponse;
import io.vertikube.kubelet.cri.v1.CreateContainerRequest;
import io.vertikube.kubelet.cri.v1.CreateContainerResponse;
import io.vertikube.kubelet.cri.v1.ListContainerStatsRequest;
import io.vertikube.kubelet.cri.v1.ListContainerStatsResponse;
import io.vertikube.kubelet.cri.v1.ListContainersRequest;
import io.vertikube.kubelet.cri.v1.ListContainersResponse;
import io.vertikube.kubelet.cri.v1.ListPodSandboxRequest;
import io.vertikube.kubelet.cri.v1.ListPodSandboxResponse;
import io.vertikube.kubelet.cri.v1.PodSandbox;
import io.vertikube.kubelet.cri.v1.PodSandboxNetworkStatus;
import io.vertikube.kubelet.cri.v1.PodSandboxState;
import io.vertikube.kubelet.cri.v1.PodSandboxStatus;
import io.vertikube.kubelet.cri.v1.PodSandboxStatusRequest;
import io.vertikube.kubelet.cri.v1.PodSandboxStatusResponse;
import io.vertikube.kubelet.cri.v1.RemoveContainerRequest;
import io.vertikube.kubelet.cri.v1.RemoveContainerResponse;
import io.vertikube.kubelet.cri.v1.RemovePodSandboxRequest;
import io.vertikube.kubelet.cri.v1.RemovePodSandboxResponse;
import io.vertikube.kubelet.cri.v1.RunPodSandboxRequest;
import io.vertikube.kubelet.cri.v1.RunPodSandboxResponse;
import io.vertikube.kubelet.cri.v1.RuntimeCondition;
import io.vertikube.kubelet.cri.v1.RuntimeServiceGrpc;
import io.vertikube.kubelet.cri.v1.RuntimeStatus;
import io.vertikube.kubelet.cri.v1.StartContainerRequest;
import io.vertikube.kubelet.cri.v1.StartContainerResponse;
import io.vertikube.kubelet.cri.v1.StatusRequest;
import io.vertikube.kubelet.cri.v1.StatusResponse;
import io.vertikube.kubelet.cri.v1.StopContainerRequest;
import io.vertikube.kubelet.cri.v1.StopContainerResponse;
import io.vertikube.kubelet.cri.v1.StopPodSandboxRequest;
import io.vertikube.kubelet.cri.v1.StopPodSandboxResponse;
import io.vertikube.kubelet.cri.v1.VersionRequest;
import io.vertikube.kubelet.cri.v1.VersionResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Sandboxes and containers that are only remembered: what a kubelet asks for is at once as it asks. Safe for any thread. */
final class PretendedSandboxes extends RuntimeServiceGrpc.RuntimeServiceImplBase {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<String, PodSandboxStatus> sandboxes = new ConcurrentHashMap<>();
    private final Map<String, Container> containers = new ConcurrentHashMap<>();
    private final Map<String, ContainerStatus> statuses = new ConcurrentHashMap<>();

    @Override
    public void version(VersionRequest request, StreamObserver<VersionResponse> out) {
        answer(
                out,
                VersionResponse.newBuilder()
                        .setVersion("0.1.0")
                        .setRuntimeName("containerd")
                        .setRuntimeVersion("0")
                        .setRuntimeApiVersion("v1")
                        .build());
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> out) {
        answer(
                out,
                StatusResponse.newBuilder()
                        .setStatus(RuntimeStatus.newBuilder()
                                .addConditions(RuntimeCondition.newBuilder()
                                        .setType("RuntimeReady")
                                        .setStatus(true))
                                .addConditions(RuntimeCondition.newBuilder()
                                        .setType("NetworkReady")
                                        .setStatus(true)))
                        .build());
    }

    @Override
    public void runPodSandbox(RunPodSandboxRequest request, StreamObserver<RunPodSandboxResponse> out) {
        int number = numbers.incrementAndGet();
        String id = "sandbox-" + number;
        sandboxes.put(
                id,
                PodSandboxStatus.newBuilder()
                        .setId(id)
                        .setMetadata(request.getConfig().getMetadata())
                        .setCreatedAt(now())
                        .setNetwork(
                                PodSandboxNetworkStatus.newBuilder().setIp("10.9." + number / 250 + "." + number % 250))
                        .putAllLabels(request.getConfig().getLabelsMap())
                        .putAllAnnotations(request.getConfig().getAnnotationsMap())
                        .build());
        answer(out, RunPodSandboxResponse.newBuilder().setPodSandboxId(id).build());
    }

    @Override
    public void stopPodSandbox(StopPodSandboxRequest request, StreamObserver<StopPodSandboxResponse> out) {
        sandboxes.computeIfPresent(
                request.getPodSandboxId(),
                (id, sandbox) -> sandbox.toBuilder()
                        .setState(PodSandboxState.SANDBOX_NOTREADY)
                        .build());
        answer(out, StopPodSandboxResponse.getDefaultInstance());
    }

    @Override
    public void removePodSandbox(RemovePodSandboxRequest request, StreamObserver<RemovePodSandboxResponse> out) {
        sandboxes.remove(request.getPodSandboxId());
        answer(out, RemovePodSandboxResponse.getDefaultInstance());
    }

    @Override
    public void podSandboxStatus(PodSandboxStatusRequest request, StreamObserver<PodSandboxStatusResponse> out) {
        PodSandboxStatus status = sandboxes.get(request.getPodSandboxId());
        if (status == null) {
            out.onError(Status.NOT_FOUND.asRuntimeException());
            return;
        }
        answer(out, PodSandboxStatusResponse.newBuilder().setStatus(status).build());
    }

    @Override
    public void listPodSandbox(ListPodSandboxRequest request, StreamObserver<ListPodSandboxResponse> out) {
        var wanted = request.getFilter().getLabelSelectorMap().entrySet();
        var answer = ListPodSandboxResponse.newBuilder();
        sandboxes.values().stream()
                .filter(sandbox -> sandbox.getLabelsMap().entrySet().containsAll(wanted))
                .forEach(sandbox -> answer.addItems(PodSandbox.newBuilder()
                        .setId(sandbox.getId())
                        .setMetadata(sandbox.getMetadata())
                        .setState(sandbox.getState())
                        .setCreatedAt(sandbox.getCreatedAt())
                        .putAllLabels(sandbox.getLabelsMap())));
        answer(out, answer.build());
    }

    @Override
    public void createContainer(CreateContainerRequest request, StreamObserver<CreateContainerResponse> out) {
        String id = "container-" + numbers.incrementAndGet();
        var config = request.getConfig();
        containers.put(
                id,
                Container.newBuilder()
                        .setId(id)
                        .setPodSandboxId(request.getPodSandboxId())
                        .setMetadata(config.getMetadata())
                        .setImage(config.getImage())
                        .setImageRef(config.getImage().getImage())
                        .setCreatedAt(now())
                        .putAllLabels(config.getLabelsMap())
                        .putAllAnnotations(config.getAnnotationsMap())
                        .build());
        statuses.put(
                id,
                ContainerStatus.newBuilder()
                        .setId(id)
                        .setMetadata(config.getMetadata())
                        .setImage(config.getImage())
                        .setImageRef(config.getImage().getImage())
                        .setCreatedAt(now())
                        .addAllMounts(config.getMountsList())
                        .putAllLabels(config.getLabelsMap())
                        .putAllAnnotations(config.getAnnotationsMap())
                        .build());
        answer(out, CreateContainerResponse.newBuilder().setContainerId(id).build());
    }

    @Override
    public void startContainer(StartContainerRequest request, StreamObserver<StartContainerResponse> out) {
        become(request.getContainerId(), ContainerState.CONTAINER_RUNNING);
        answer(out, StartContainerResponse.getDefaultInstance());
    }

    @Override
    public void stopContainer(StopContainerRequest request, StreamObserver<StopContainerResponse> out) {
        become(request.getContainerId(), ContainerState.CONTAINER_EXITED);
        answer(out, StopContainerResponse.getDefaultInstance());
    }

    @Override
    public void removeContainer(RemoveContainerRequest request, StreamObserver<RemoveContainerResponse> out) {
        containers.remove(request.getContainerId());
        statuses.remove(request.getContainerId());
        answer(out, RemoveContainerResponse.getDefaultInstance());
    }

    @Override
    public void listContainers(ListContainersRequest request, StreamObserver<ListContainersResponse> out) {
        var wanted = request.getFilter().getLabelSelectorMap().entrySet();
        var answer = ListContainersResponse.newBuilder();
        containers.values().stream()
                .filter(container -> container.getLabelsMap().entrySet().containsAll(wanted))
                .forEach(answer::addContainers);
        answer(out, answer.build());
    }

    @Override
    public void containerStatus(ContainerStatusRequest request, StreamObserver<ContainerStatusResponse> out) {
        ContainerStatus status = statuses.get(request.getContainerId());
        if (status == null) {
            out.onError(Status.NOT_FOUND.asRuntimeException());
            return;
        }
        answer(out, ContainerStatusResponse.newBuilder().setStatus(status).build());
    }

    @Override
    public void listContainerStats(ListContainerStatsRequest request, StreamObserver<ListContainerStatsResponse> out) {
        answer(out, ListContainerStatsResponse.getDefaultInstance());
    }

    private void become(String containerId, ContainerState state) {
        containers.computeIfPresent(
                containerId,
                (id, container) -> container.toBuilder().setState(state).build());
        statuses.computeIfPresent(containerId, (id, status) -> {
            var next = status.toBuilder().setState(state);
            if (state == ContainerState.CONTAINER_RUNNING) {
                next.setStartedAt(now());
            } else {
                next.setFinishedAt(now());
            }
            return next.build();
        });
    }

    private static long now() {
        return System.currentTimeMillis() * NANOS_PER_MILLI;
    }

    static <T> void answer(StreamObserver<T> out, T value) {
        out.onNext(value);
        out.onCompleted();
    }
}
