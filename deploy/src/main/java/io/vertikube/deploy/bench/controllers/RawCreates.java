package io.vertikube.deploy.bench.controllers;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.vertikube.deploy.bench.load.Load;
import io.vertikube.deploy.bench.load.Measured;
import io.vertikube.deploy.bench.load.Target;
import java.nio.charset.StandardCharsets;

/** Creates pods such as the Deployments' as fast as the API server takes them. Used from one thread. */
final class RawCreates implements AutoCloseable {

    private static final int IN_FLIGHT = 32;
    private static final String POD = """
            {"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"web-6d4b75cb6d-","labels":\
            {"app":"web","pod-template-hash":"6d4b75cb6d"}},"spec":{"containers":[\
            {"name":"web","image":"registry.example.com/shop/web:1.27.3","ports":[{"containerPort":8080}],\
            "resources":{"requests":{"cpu":"100m","memory":"128Mi"}}}]}}""";

    private final Target target;
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    RawCreates(Target target) {
        this.target = target;
    }

    /** Pods a second. */
    double run(String namespace, int count) {
        byte[] pod = POD.getBytes(StandardCharsets.UTF_8);
        String path = "/api/v1/namespaces/" + namespace + "/pods";
        Measured measured = new Load(loops, target, 0)
                .run(
                        "creates",
                        IN_FLIGHT,
                        count,
                        600,
                        (number, out) -> target.request(out, "POST", path, "application/json", pod));
        if (measured.failures() > 0) {
            throw new IllegalStateException(measured.failures() + " pods were refused: " + measured.firstFailure());
        }
        return measured.rate();
    }

    @Override
    public void close() {
        loops.shutdownGracefully();
    }
}
