package io.vertikube.kubelet.devices;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.vertikube.kubelet.deviceplugin.v1beta1.Empty;
import io.vertikube.kubelet.deviceplugin.v1beta1.RegisterRequest;
import io.vertikube.kubelet.deviceplugin.v1beta1.RegistrationGrpc;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where plugins register: {@code device-plugins/kubelet.sock}. A virtual thread listens; there is no gRPC server before somebody
 * comes, as most machines have no devices.
 */
final class RegistrationSocket implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RegistrationSocket.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final int SOCKET = 0140000;
    private static final int TYPE_MASK = 0170000;

    /** A gRPC server with one thread, and one more for each call under way. */
    private record Serving(Server server, FedServerChannel channel, EventLoopGroup group, ExecutorService calls) {

        static Serving start(UnixDomainSocketAddress address, io.grpc.BindableService service) throws IOException {
            EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("device-registration", /* daemon= */ true), NioIoHandler.newFactory());
            var calls = Executors.newVirtualThreadPerTaskExecutor();
            var channel = new FedServerChannel(address);
            Server server = NettyServerBuilder.forAddress(address)
                    .channelFactory(() -> channel)
                    .bossEventLoopGroup(group)
                    .workerEventLoopGroup(group)
                    // gRPC sets it for TCP; a unix socket has none and Netty would warn.
                    .withChildOption(ChannelOption.SO_KEEPALIVE, null)
                    .executor(calls)
                    .addService(service)
                    .build()
                    .start();
            return new Serving(server, channel, group, calls);
        }

        void stop() {
            server.shutdownNow();
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            calls.shutdownNow();
        }
    }

    private final Path folder;
    private final Path socket;
    private final DevicePlugins plugins;
    private @Nullable ServerSocketChannel listener;

    RegistrationSocket(Path rootDir, DevicePlugins plugins) {
        this.folder = rootDir.resolve("device-plugins");
        this.socket = folder.resolve("kubelet.sock");
        this.plugins = plugins;
    }

    /** Removes all sockets of the folder, which plugins take as the sign to register again, and listens. */
    void start() throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path old : files.filter(RegistrationSocket::isSocket).toList()) {
                Files.deleteIfExists(old);
            }
        }
        ServerSocketChannel fresh = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            fresh.bind(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
        listener = fresh;
        Thread.ofVirtual().name("device-registration").start(() -> listen(fresh));
    }

    @Override
    public void close() throws IOException {
        if (listener != null) {
            listener.close();
            Files.deleteIfExists(socket);
        }
    }

    private void listen(ServerSocketChannel from) {
        Serving serving = null;
        try {
            while (from.isOpen()) {
                try {
                    SocketChannel accepted = from.accept();
                    if (serving == null) {
                        serving = Serving.start(UnixDomainSocketAddress.of(socket), new Registration());
                    }
                    accepted.configureBlocking(false);
                    serving.channel().feed(accepted);
                } catch (ClosedChannelException e) {
                    LOG.debug("device plugins are listened to no more");
                } catch (IOException e) {
                    LOG.warn("a device plugin cannot register now: {}", e.toString());
                    Thread.sleep(AFTER_FAILURE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (serving != null) {
                serving.stop();
            }
        }
    }

    private void register(RegisterRequest request) {
        DevicePlugins.problem(request.getResourceName(), List.of(request.getVersion()))
                .ifPresent(problem -> {
                    throw new DeviceFailure(problem);
                });
        Path endpoint = folder.resolve(request.getEndpoint()).normalize();
        if (request.getEndpoint().isEmpty() || !endpoint.startsWith(folder) || endpoint.equals(socket)) {
            throw new DeviceFailure("the endpoint \"" + request.getEndpoint()
                    + "\" is invalid: it must be the name of the plugin's socket in " + folder);
        }
        plugins.add(request.getResourceName(), endpoint);
    }

    private static boolean isSocket(Path file) {
        try {
            return ((int) Files.getAttribute(file, "unix:mode") & TYPE_MASK) == SOCKET;
        } catch (IOException e) {
            return false;
        }
    }

    private final class Registration extends RegistrationGrpc.RegistrationImplBase {

        @Override
        public void register(RegisterRequest request, StreamObserver<Empty> to) {
            Optional<String> problem = Optional.empty();
            try {
                RegistrationSocket.this.register(request);
            } catch (RuntimeException e) {
                problem = Optional.of(String.valueOf(e.getMessage()));
            }
            if (problem.isEmpty()) {
                to.onNext(Empty.getDefaultInstance());
                to.onCompleted();
            } else {
                LOG.warn("a device plugin for \"{}\" is not registered: {}", request.getResourceName(), problem.get());
                to.onError(Status.UNKNOWN.withDescription(problem.get()).asRuntimeException());
            }
        }
    }
}
