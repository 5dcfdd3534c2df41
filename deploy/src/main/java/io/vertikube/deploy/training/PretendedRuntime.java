package io.vertikube.deploy.training;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.vertikube.kubelet.cri.v1.Image;
import io.vertikube.kubelet.cri.v1.ImageFsInfoRequest;
import io.vertikube.kubelet.cri.v1.ImageFsInfoResponse;
import io.vertikube.kubelet.cri.v1.ImageServiceGrpc;
import io.vertikube.kubelet.cri.v1.ImageStatusRequest;
import io.vertikube.kubelet.cri.v1.ImageStatusResponse;
import io.vertikube.kubelet.cri.v1.ListImagesRequest;
import io.vertikube.kubelet.cri.v1.ListImagesResponse;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A CRI endpoint on a unix socket that has every image and runs nothing. Safe for any thread. */
final class PretendedRuntime implements AutoCloseable {

    private static final long IMAGE_BYTES = 1_000_000;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Path socket;
    private final Server server;

    PretendedRuntime(Path socket) throws IOException {
        this.socket = socket;
        this.server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(group)
                .workerEventLoopGroup(group)
                .addService(new PretendedSandboxes())
                .addService(new Images())
                .build()
                .start();
    }

    /** As flags have it. */
    String endpoint() {
        return "unix://" + socket;
    }

    @Override
    public void close() {
        server.shutdownNow();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static final class Images extends ImageServiceGrpc.ImageServiceImplBase {

        @Override
        public void imageStatus(ImageStatusRequest request, StreamObserver<ImageStatusResponse> out) {
            PretendedSandboxes.answer(
                    out,
                    ImageStatusResponse.newBuilder()
                            .setImage(image(request.getImage().getImage()))
                            .build());
        }

        @Override
        public void listImages(ListImagesRequest request, StreamObserver<ListImagesResponse> out) {
            PretendedSandboxes.answer(
                    out,
                    ListImagesResponse.newBuilder().addImages(image("train:1")).build());
        }

        @Override
        public void imageFsInfo(ImageFsInfoRequest request, StreamObserver<ImageFsInfoResponse> out) {
            PretendedSandboxes.answer(out, ImageFsInfoResponse.getDefaultInstance());
        }

        private static Image image(String name) {
            return Image.newBuilder()
                    .setId("sha256:" + name)
                    .addRepoTags(name)
                    .setSize(IMAGE_BYTES)
                    .build();
        }
    }
}
