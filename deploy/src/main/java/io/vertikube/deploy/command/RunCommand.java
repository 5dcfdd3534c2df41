package io.vertikube.deploy.command;

import io.vertikube.apiserver.ApiServerCommand;
import io.vertikube.controller.ControllerManagerCommand;
import io.vertikube.deploy.cluster.ClusterSettings;
import io.vertikube.deploy.cluster.ServiceFlags;
import io.vertikube.kubelet.KubeletCommand;
import io.vertikube.proxy.ProxyCommand;
import io.vertikube.scheduler.SchedulerCommand;
import io.vertikube.service.ServiceMain;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code vertikube run SERVICE}: one service of the cluster that the flags mean, as a process of its own. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "One service of a cluster on this machine, with the flags that the cluster's settings give it.")
public final class RunCommand implements Callable<Integer> {

    @Mixin
    private final ClusterFlags cluster = new ClusterFlags();

    @Parameters(
            index = "0",
            paramLabel = "SERVICE",
            description = "apiserver, scheduler, controller-manager, kubelet or kube-proxy.")
    private String service = "";

    @Parameters(index = "1..*", paramLabel = "FLAG", description = "After --: more flags for the service itself.")
    private List<String> more = List.of();

    @Override
    public Integer call() {
        ClusterSettings settings = cluster.settings();
        var flags = new ServiceFlags(settings);
        return switch (service) {
            case "apiserver" -> run(new ApiServerCommand(), flags.apiserver());
            case "scheduler" -> run(new SchedulerCommand(), flags.scheduler());
            case "controller-manager" -> run(new ControllerManagerCommand(), flags.controllerManager());
            case "kubelet" ->
                run(new KubeletCommand(), settings.simulatedNodes() == 0 ? flags.kubelet() : flags.simulatedKubelet(1));
            case "kube-proxy" -> run(new ProxyCommand(), flags.kubeProxy());
            default ->
                throw new IllegalArgumentException("\"" + service
                        + "\" is no service; there are apiserver, scheduler, controller-manager, kubelet, kube-proxy");
        };
    }

    private int run(Object command, List<String> flags) {
        var all = new ArrayList<>(flags);
        all.addAll(more);
        return ServiceMain.run(new CommandLine(command), all.toArray(new String[0]));
    }
}
