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
import io.vertikube.deploy.command.WaitCommand;
import io.vertikube.deploy.training.LiftCommand;
import io.vertikube.deploy.training.TrainApiServerCommand;
import io.vertikube.deploy.training.TrainCommand;
import io.vertikube.deploy.training.TrainNodeCommand;
import io.vertikube.kubelet.KubeletCommand;
import io.vertikube.proxy.ProxyCommand;
import io.vertikube.scheduler.SchedulerCommand;
import io.vertikube.service.Logging;
import io.vertikube.service.ServiceMain;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The one executable: {@code vertikube SUBCOMMAND}. */
@Command(
        name = "vertikube",
        mixinStandardHelpOptions = true,
        version = "vertikube 0.1.0",
        description = "A Kubernetes-compatible cluster: each service alone, or all of them in one process.")
public final class Vertikube {

    private Vertikube() {}

    /** Exit code 0, 1 for a failure, 2 for a bad flag. */
    public static void main(String... arguments) {
        Logging.withoutFiles();
        Logging.configure("text", 0);
        System.exit(ServiceMain.run(commandLine(arguments), arguments));
    }

    /**
     * With the one subcommand that is called, or with all where none of them is: reading the flags of all takes longer than
     * most commands do.
     */
    static CommandLine commandLine(String... arguments) {
        var all = subcommands();
        var line = new CommandLine(new Vertikube());
        Supplier<Object> called = arguments.length == 0 ? null : all.get(arguments[0]);
        if (called == null) {
            all.forEach((name, command) -> line.addSubcommand(name, command.get()));
        } else {
            line.addSubcommand(arguments[0], called.get());
        }
        return line;
    }

    /**
     * By name, in the order in which they are shown. A lambda loads its class when it is called, a reference to a constructor
     * when it is made: no process loads the commands of the others, or has to have them on its class path.
     */
    static Map<String, Supplier<Object>> subcommands() {
        var all = new LinkedHashMap<String, Supplier<Object>>();
        all.put("server", () -> new ServerCommand());
        all.put("apiserver", () -> new ApiServerCommand());
        all.put("scheduler", () -> new SchedulerCommand());
        all.put("controller-manager", () -> new ControllerManagerCommand());
        all.put("kubelet", () -> new KubeletCommand());
        all.put("kube-proxy", () -> new ProxyCommand());
        all.put("run", () -> new RunCommand());
        all.put("certificates", () -> new CertificatesCommand());
        all.put("wait", () -> new WaitCommand());
        all.put("reset-node", () -> new ResetNodeCommand());
        all.put("lift-classes", () -> new LiftCommand());
        all.put("train", () -> new TrainCommand());
        all.put("train-apiserver", () -> new TrainApiServerCommand());
        all.put("train-node", () -> new TrainNodeCommand());
        all.put("bench-apiserver", () -> new ApiServerBenchCommand());
        all.put("bench-kubelet", () -> new KubeletBenchCommand());
        all.put("bench-controllers", () -> new ControllersBenchCommand());
        return all;
    }
}
