package io.vertikube.deploy.bench.apiserver;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.vertikube.client.KubeConfig;
import io.vertikube.deploy.bench.load.Load;
import io.vertikube.deploy.bench.load.Target;
import java.io.IOException;

/**
 * A little of everything that a busy server does, so that a training run notes which code is hot: a server that starts
 * with these notes is compiled for them sooner. Blocks.
 */
public final class TrainingLoad {

    private static final int PODS = 2_000;
    private static final int GETS = 8_000;
    private static final int LISTS = 400;
    private static final int IN_FLIGHT = 16;
    private static final double MOST_SECONDS = 20;

    private TrainingLoad() {}

    /** Drives a server; what it makes there stays. */
    public static void run(KubeConfig config) throws IOException {
        Target target = Target.of(config, false);
        var pods = new Pods("train", 500);
        var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            var load = new Load(loops, target, 0);
            for (int i = 0; i < PODS / pods.perNamespace(); i++) {
                ApiServerBench.makeNamespace(load, pods.prefix() + "-" + i);
            }
            load.run(
                    "creates",
                    IN_FLIGHT,
                    PODS,
                    MOST_SECONDS,
                    (number, out) -> target.request(
                            out, "POST", pods.collection(number), "application/json", pods.body(number)));
            load.run(
                    "gets",
                    IN_FLIGHT,
                    GETS,
                    MOST_SECONDS,
                    (number, out) -> target.request(out, "GET", pods.path(number % PODS)));
            load.run(
                    "lists",
                    IN_FLIGHT,
                    LISTS,
                    MOST_SECONDS,
                    (number, out) -> target.request(out, "GET", pods.collection(number % PODS)));
        } finally {
            loops.shutdownGracefully();
        }
    }
}
