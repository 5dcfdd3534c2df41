package io.vertikube.deploy;

import io.vertikube.apiserver.ApiServerCommand;
import io.vertikube.controller.ControllerManagerCommand;
import io.vertikube.deploy.bench.apiserver.ApiServerBenchCommand;
import io.vertikube.deploy.bench.controllers.ControllersBenchCommand;
import io.vertikube.deploy.bench.node.KubeletBenchCommand;
import io.vertikube.deploy.command.CertificatesCommand;
import io.vertikube.deploy.command.ResetNodeCommand;
import io.vertikube.deploy.command.RunCommand;
import io.vertikube.deploy.command.ServerCommand;
import io.vertikube.deploy.command.TrainCommand;
import io.vertikube.deploy.command.WaitCommand;
import io.vertikube.deploy.training.TrainNodeCommand;
import io.vertikube.kubelet.KubeletCommand;
import io.vertikube.proxy.ProxyCommand;
import io.vertikube.scheduler.SchedulerCommand;
import io.vertikube.service.Logging;
import io.vertikube.service.ServiceMain;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The one executable: {@code vertikube SUBCOMMAND}. */
@Command(
        name = "vertikube",
        mixinStandardHelpOptions = true,
        version = "vertikube 0.1.0",
        description = "A Kubernetes-compatible cluster: each service alone, or all of them in one process.",
        subcommands = {
            ServerCommand.class,
            ApiServerCommand.class,
            SchedulerCommand.class,
            ControllerManagerCommand.class,
            KubeletCommand.class,
            ProxyCommand.class,
            RunCommand.class,
            CertificatesCommand.class,
            WaitCommand.class,
            ResetNodeCommand.class,
            TrainCommand.class,
            TrainNodeCommand.class,
            ApiServerBenchCommand.class,
            KubeletBenchCommand.class,
            ControllersBenchCommand.class
        })
public final class Vertikube {

    private Vertikube() {}

    /** Exit code 0, 1 for a failure, 2 for a bad flag. */
    public static void main(String... arguments) {
        Logging.configure("text", 0);
        System.exit(ServiceMain.run(new CommandLine(new Vertikube()), arguments));
    }
}
