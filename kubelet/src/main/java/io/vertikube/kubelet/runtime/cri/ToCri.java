package io.vertikube.kubelet.runtime.cri;

import io.vertikube.kubelet.cri.v1.CDIDevice;
import io.vertikube.kubelet.cri.v1.Capability;
import io.vertikube.kubelet.cri.v1.ContainerMetadata;
import io.vertikube.kubelet.cri.v1.DNSConfig;
import io.vertikube.kubelet.cri.v1.HugepageLimit;
import io.vertikube.kubelet.cri.v1.IDMapping;
import io.vertikube.kubelet.cri.v1.ImageSpec;
import io.vertikube.kubelet.cri.v1.Int64Value;
import io.vertikube.kubelet.cri.v1.KeyValue;
import io.vertikube.kubelet.cri.v1.LinuxContainerConfig;
import io.vertikube.kubelet.cri.v1.LinuxContainerResources;
import io.vertikube.kubelet.cri.v1.LinuxContainerSecurityContext;
import io.vertikube.kubelet.cri.v1.LinuxPodSandboxConfig;
import io.vertikube.kubelet.cri.v1.LinuxSandboxSecurityContext;
import io.vertikube.kubelet.cri.v1.MountPropagation;
import io.vertikube.kubelet.cri.v1.NamespaceMode;
import io.vertikube.kubelet.cri.v1.NamespaceOption;
import io.vertikube.kubelet.cri.v1.PodSandboxConfig;
import io.vertikube.kubelet.cri.v1.PodSandboxMetadata;
import io.vertikube.kubelet.cri.v1.Protocol;
import io.vertikube.kubelet.cri.v1.SELinuxOption;
import io.vertikube.kubelet.cri.v1.SecurityProfile;
import io.vertikube.kubelet.cri.v1.SupplementalGroupsPolicy;
import io.vertikube.kubelet.cri.v1.UserNamespace;
import io.vertikube.kubelet.runtime.ContainerConfig;
import io.vertikube.kubelet.runtime.IdRange;
import io.vertikube.kubelet.runtime.LinuxResources;
import io.vertikube.kubelet.runtime.Mount;
import io.vertikube.kubelet.runtime.NamespaceSharing;
import io.vertikube.kubelet.runtime.PortMapping;
import io.vertikube.kubelet.runtime.SandboxConfig;
import io.vertikube.kubelet.runtime.SeccompProfile;
import io.vertikube.kubelet.runtime.SecurityOptions;
import io.vertikube.kubelet.runtime.SelinuxOptions;
import io.vertikube.kubelet.runtime.StopSignals;
import java.util.Optional;

/** Our records as CRI messages. Pure functions. */
final class ToCri {

    /** Said, as a runtime may take silence for the pod's own. */
    private static final UserNamespace HOST_USERS =
            UserNamespace.newBuilder().setMode(NamespaceMode.NODE).build();

    private ToCri() {}

    static PodSandboxConfig sandbox(SandboxConfig config) {
        var security = LinuxSandboxSecurityContext.newBuilder()
                .setNamespaceOptions(namespaces(config.namespaces()))
                .setPrivileged(config.privileged())
                .setSeccomp(seccomp(config.seccomp()))
                .addAllSupplementalGroups(config.supplementalGroups());
        config.selinux().ifPresent(label -> security.setSelinuxOptions(selinux(label)));
        config.runAsUser().ifPresent(uid -> security.setRunAsUser(number(uid)));
        if (config.runAsUser().isPresent()) {
            config.runAsGroup().ifPresent(gid -> security.setRunAsGroup(number(gid)));
        }
        var result = PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder()
                        .setName(config.pod().name())
                        .setNamespace(config.pod().namespace())
                        .setUid(config.pod().uid())
                        .setAttempt(config.attempt()))
                .setHostname(config.hostname())
                .setLogDirectory(config.logDirectory())
                .putAllLabels(config.labels())
                .putAllAnnotations(config.annotations())
                .setLinux(LinuxPodSandboxConfig.newBuilder()
                        .setCgroupParent(config.cgroupParent())
                        .putAllSysctls(config.sysctls())
                        .setSecurityContext(security));
        config.dns()
                .ifPresent(dns -> result.setDnsConfig(DNSConfig.newBuilder()
                        .addAllServers(dns.servers())
                        .addAllSearches(dns.searches())
                        .addAllOptions(dns.options())));
        config.ports().forEach(port -> result.addPortMappings(port(port)));
        return result.build();
    }

    static io.vertikube.kubelet.cri.v1.ContainerConfig container(ContainerConfig config) {
        var result = io.vertikube.kubelet.cri.v1.ContainerConfig.newBuilder()
                .setMetadata(
                        ContainerMetadata.newBuilder().setName(config.name()).setAttempt(config.attempt()))
                .setImage(ImageSpec.newBuilder().setImage(config.image()).setUserSpecifiedImage(config.userImage()))
                .addAllCommand(config.command())
                .addAllArgs(config.args())
                .setWorkingDir(config.workingDir())
                .putAllLabels(config.labels())
                .putAllAnnotations(config.annotations())
                .setLogPath(config.logPath())
                .setStdin(config.stdin())
                .setStdinOnce(config.stdinOnce())
                .setTty(config.tty())
                .setLinux(LinuxContainerConfig.newBuilder()
                        .setResources(resources(config.resources()))
                        .setSecurityContext(security(config.security())));
        if (!config.stopSignal().isEmpty()) {
            result.setStopSignal(StopSignals.number(config.stopSignal()));
        }
        config.env()
                .forEach(variable -> result.addEnvs(
                        KeyValue.newBuilder().setKey(variable.name()).setValue(variable.value())));
        Optional<IDMapping> users = config.security().namespaces().users().map(ToCri::mapping);
        config.mounts().forEach(mount -> result.addMounts(mount(mount, users)));
        config.devices()
                .forEach(device -> result.addDevices(io.vertikube.kubelet.cri.v1.Device.newBuilder()
                        .setContainerPath(device.containerPath())
                        .setHostPath(device.hostPath())
                        .setPermissions(device.permissions())));
        config.cdiDevices()
                .forEach(name -> result.addCDIDevices(CDIDevice.newBuilder().setName(name)));
        return result.build();
    }

    static LinuxContainerResources resources(LinuxResources resources) {
        var result = LinuxContainerResources.newBuilder()
                .setCpuPeriod(resources.cpuPeriod())
                .setCpuQuota(resources.cpuQuota())
                .setCpuShares(resources.cpuShares())
                .setMemoryLimitInBytes(resources.memoryLimitBytes())
                .setOomScoreAdj(resources.oomScoreAdj())
                .putAllUnified(resources.unified());
        resources
                .hugepages()
                .forEach((size, bytes) -> result.addHugepageLimits(
                        HugepageLimit.newBuilder().setPageSize(size).setLimit(bytes)));
        return result.build();
    }

    static LinuxContainerSecurityContext security(SecurityOptions options) {
        var result = LinuxContainerSecurityContext.newBuilder()
                .setPrivileged(options.privileged())
                .setReadonlyRootfs(options.readOnlyRootFilesystem())
                .setNoNewPrivs(options.noNewPrivileges())
                .setCapabilities(Capability.newBuilder()
                        .addAllAddCapabilities(options.addCapabilities())
                        .addAllDropCapabilities(options.dropCapabilities()))
                .addAllSupplementalGroups(options.supplementalGroups())
                .setSupplementalGroupsPolicy(
                        options.strictSupplementalGroups()
                                ? SupplementalGroupsPolicy.Strict
                                : SupplementalGroupsPolicy.Merge)
                .setSeccomp(seccomp(options.seccomp()))
                .addAllMaskedPaths(options.maskedPaths())
                .addAllReadonlyPaths(options.readOnlyPaths())
                .setNamespaceOptions(namespaces(options.namespaces()));
        options.selinux().ifPresent(label -> result.setSelinuxOptions(selinux(label)));
        options.appArmor().ifPresent(profile -> result.setApparmor(seccomp(profile)));
        options.runAsUser().ifPresent(uid -> result.setRunAsUser(number(uid)));
        options.runAsGroup().ifPresent(gid -> result.setRunAsGroup(number(gid)));
        return result.build();
    }

    private static NamespaceOption namespaces(NamespaceSharing sharing) {
        return NamespaceOption.newBuilder()
                .setNetwork(sharing.hostNetwork() ? NamespaceMode.NODE : NamespaceMode.POD)
                .setIpc(sharing.hostIpc() ? NamespaceMode.NODE : NamespaceMode.POD)
                .setPid(
                        switch (sharing.pid()) {
                            case POD -> NamespaceMode.POD;
                            case CONTAINER -> NamespaceMode.CONTAINER;
                            case NODE -> NamespaceMode.NODE;
                            case TARGET -> NamespaceMode.TARGET;
                        })
                .setTargetId(sharing.pidTarget())
                .setUsernsOptions(
                        sharing.users().map(ToCri::mapping).map(ToCri::ownUsers).orElse(HOST_USERS))
                .build();
    }

    private static UserNamespace ownUsers(IDMapping ids) {
        return UserNamespace.newBuilder()
                .setMode(NamespaceMode.POD)
                .addUids(ids)
                .addGids(ids)
                .build();
    }

    private static IDMapping mapping(IdRange ids) {
        return IDMapping.newBuilder()
                .setHostId((int) ids.start())
                .setContainerId(0)
                .setLength((int) ids.length())
                .build();
    }

    private static SELinuxOption selinux(SelinuxOptions label) {
        return SELinuxOption.newBuilder()
                .setUser(label.user())
                .setRole(label.role())
                .setType(label.type())
                .setLevel(label.level())
                .build();
    }

    private static SecurityProfile seccomp(SeccompProfile profile) {
        return SecurityProfile.newBuilder()
                .setProfileType(
                        switch (profile.type()) {
                            case RUNTIME_DEFAULT -> SecurityProfile.ProfileType.RuntimeDefault;
                            case UNCONFINED -> SecurityProfile.ProfileType.Unconfined;
                            case LOCALHOST -> SecurityProfile.ProfileType.Localhost;
                        })
                .setLocalhostRef(profile.path())
                .build();
    }

    /** Whose files they are in the volume is whose they are in the pod, where it has users of its own. */
    private static io.vertikube.kubelet.cri.v1.Mount mount(Mount mount, Optional<IDMapping> users) {
        var result = io.vertikube.kubelet.cri.v1.Mount.newBuilder()
                .setContainerPath(mount.containerPath())
                .setHostPath(mount.hostPath())
                .setReadonly(mount.readOnly())
                .setRecursiveReadOnly(mount.recursiveReadOnly())
                .setSelinuxRelabel(mount.relabel())
                .setPropagation(
                        switch (mount.propagation()) {
                            case PRIVATE -> MountPropagation.PROPAGATION_PRIVATE;
                            case HOST_TO_CONTAINER -> MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
                            case BIDIRECTIONAL -> MountPropagation.PROPAGATION_BIDIRECTIONAL;
                        });
        users.ifPresent(ids -> result.addUidMappings(ids).addGidMappings(ids));
        mount.image()
                .ifPresent(files -> result.setImage(ImageSpec.newBuilder()
                                .setImage(files.reference())
                                .setUserSpecifiedImage(files.asked()))
                        .setImageSubPath(files.subPath()));
        return result.build();
    }

    private static io.vertikube.kubelet.cri.v1.PortMapping port(PortMapping port) {
        return io.vertikube.kubelet.cri.v1.PortMapping.newBuilder()
                .setProtocol(
                        switch (port.protocol()) {
                            case "UDP" -> Protocol.UDP;
                            case "SCTP" -> Protocol.SCTP;
                            default -> Protocol.TCP;
                        })
                .setContainerPort(port.containerPort())
                .setHostPort(port.hostPort())
                .setHostIp(port.hostIp())
                .build();
    }

    private static Int64Value number(long value) {
        return Int64Value.newBuilder().setValue(value).build();
    }
}
