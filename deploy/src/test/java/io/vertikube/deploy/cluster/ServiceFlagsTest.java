package io.vertikube.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertikube.apiserver.ApiServerCommand;
import io.vertikube.client.KubeConfig;
import io.vertikube.controller.ControllerManagerCommand;
import io.vertikube.kubelet.KubeletCommand;
import io.vertikube.proxy.ProxyCommand;
import io.vertikube.scheduler.SchedulerCommand;
import io.vertikube.service.Certificates;
import io.vertikube.service.TlsIdentity;
import io.vertikube.value.Cidr;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

final class ServiceFlagsTest {

    @TempDir
    Path folder;

    private ClusterSettings settings(ClusterSettings.StoreKind store) {
        return new ClusterSettings(
                folder,
                store,
                6443,
                "n1",
                "10.1.2.3",
                Cidr.parse("10.42.0.0/16"),
                Cidr.parse("10.96.0.0/16"),
                "10.96.0.10",
                0,
                true);
    }

    @Test
    void theKeysOfKubeconfigsSayWhatTheyAre() throws Exception {
        ClusterSettings settings = settings(ClusterSettings.StoreKind.EMBEDDED);
        new ClusterPki(settings, InstantSource.system()).ensure();
        KubeConfig config = KubeConfig.load(settings.files().kubeconfig("admin"));
        assertThat(new String(Objects.requireNonNull(config.keyPem()), StandardCharsets.US_ASCII))
                .startsWith("-----BEGIN EC PRIVATE KEY-----");
        assertThat(TlsIdentity.of(Objects.requireNonNull(config.certPem()), config.keyPem()))
                .isNotNull();
    }

    @ParameterizedTest
    @EnumSource
    void everyServiceTakesItsFlagsAndFindsItsFiles(ClusterSettings.StoreKind store) {
        ClusterSettings settings = settings(store);
        new ClusterPki(settings, InstantSource.system()).ensure();
        var flags = new ServiceFlags(settings);
        assertThat(parsed(new ApiServerCommand(), flags.apiserver()).options()).isNotNull();
        assertThat(parsed(new SchedulerCommand(), flags.scheduler()).options()).isNotNull();
        assertThat(parsed(new ControllerManagerCommand(), flags.controllerManager())
                        .options())
                .isNotNull();
        assertThat(parsed(new KubeletCommand(), flags.kubelet()).options()).isNotNull();
        assertThat(parsed(new KubeletCommand(), flags.simulatedKubelet(1))
                        .options()
                        .isSimulated())
                .isTrue();
        assertThat(parsed(new ProxyCommand(), flags.kubeProxy()).options()).isNotNull();
    }

    @Test
    void certificatesStayUntilTheyAreAboutToEnd() throws Exception {
        ClusterSettings settings = settings(ClusterSettings.StoreKind.EMBEDDED);
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        new ClusterPki(settings, InstantSource.fixed(now)).ensure();
        Path leaf = settings.files().pki("apiserver.crt");
        byte[] first = Files.readAllBytes(leaf);
        byte[] authority = Files.readAllBytes(settings.files().pki("ca.crt"));
        new ClusterPki(settings, InstantSource.fixed(now.plus(Duration.ofDays(200)))).ensure();
        assertThat(Files.readAllBytes(leaf)).isEqualTo(first);
        new ClusterPki(settings, InstantSource.fixed(now.plus(Duration.ofDays(310)))).ensure();
        assertThat(Files.readAllBytes(leaf)).isNotEqualTo(first);
        assertThat(Files.readAllBytes(settings.files().pki("ca.crt"))).isEqualTo(authority);
        assertThat(Certificates.readCertificate(Files.readAllBytes(leaf)).getSubjectAlternativeNames())
                .anySatisfy(name -> assertThat(name.get(1)).isEqualTo("10.1.2.3"));
        assertThat(Files.getPosixFilePermissions(settings.files().pki("ca.key")))
                .hasSize(2);
    }

    @Test
    void rangesThatOverlapAreRefused() {
        assertThatThrownBy(() -> new ClusterSettings(
                        folder,
                        ClusterSettings.StoreKind.EMBEDDED,
                        6443,
                        "n1",
                        "10.1.2.3",
                        Cidr.parse("10.0.0.0/8"),
                        Cidr.parse("10.96.0.0/16"),
                        "10.96.0.10",
                        0,
                        true))
                .hasMessageContaining("overlap");
    }

    private static <C> C parsed(C command, List<String> flags) {
        new CommandLine(command).parseArgs(flags.toArray(new String[0]));
        return command;
    }
}
