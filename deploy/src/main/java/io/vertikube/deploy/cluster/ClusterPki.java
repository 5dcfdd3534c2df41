package io.vertikube.deploy.cluster;

import io.vertikube.client.KubeConfig;
import io.vertikube.service.Certificates;
import io.vertikube.service.Keys;
import io.vertikube.service.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * Makes a cluster's certificates and kubeconfig files where they are missing, about to end, or for other addresses. What
 * is there and good stays: authorities and the signing key are made once. Confined to the thread that starts a cluster.
 */
public final class ClusterPki {

    private static final Duration RENEW_BEFORE = Duration.ofDays(60);

    private final ClusterSettings settings;
    private final ClusterFiles files;
    private final InstantSource clock;

    public ClusterPki(ClusterSettings settings, InstantSource clock) {
        this.settings = settings;
        this.files = settings.files();
        this.clock = clock;
    }

    /** Makes what is missing. */
    public void ensure() {
        try {
            folder(files.pki());
            folder(files.kubeconfigs());
            Certificates authority = authority("ca", "vertikube-ca");
            List<String> dns = List.of(
                    "localhost",
                    "kubernetes",
                    "kubernetes.default",
                    "kubernetes.default.svc",
                    "kubernetes.default.svc.cluster.local",
                    settings.nodeName());
            var addresses = new TreeSet<>(List.of("127.0.0.1", settings.nodeIp(), settings.kubernetesAddress()));
            server(authority, "apiserver", "kube-apiserver", dns, addresses);
            for (String service : List.of("scheduler", "controller-manager")) {
                server(authority, service, "kube-" + service, List.of("localhost"), List.of("127.0.0.1"));
            }
            nodeServer(authority);
            client(authority, "apiserver-kubelet-client", "kube-apiserver-kubelet-client", List.of("system:masters"));
            signingKey();
            if (settings.store() == ClusterSettings.StoreKind.ETCD) {
                etcd();
            }
            kubeconfig(authority, "admin", "kubernetes-admin", List.of("system:masters"));
            kubeconfig(authority, "scheduler", "system:kube-scheduler", List.of());
            kubeconfig(authority, "controller-manager", "system:kube-controller-manager", List.of());
            kubeconfig(authority, "kube-proxy", "system:kube-proxy", List.of());
            for (int i = 1; i <= Math.max(1, settings.simulatedNodes()); i++) {
                String node = settings.simulatedNodeName(i);
                kubeconfig(authority, "kubelet-" + node, "system:node:" + node, List.of("system:nodes"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write certificates to " + files.pki(), e);
        }
    }

    private Certificates authority(String name, String commonName) throws IOException {
        Path certificate = files.pki(name + ".crt");
        if (!Files.exists(certificate)) {
            write(name, Certificates.create(commonName, clock).authority());
        }
        return Certificates.load(
                new Certificates.Pair(Files.readAllBytes(certificate), Files.readAllBytes(files.pki(name + ".key"))),
                clock);
    }

    private void server(
            Certificates authority,
            String name,
            String commonName,
            Collection<String> dns,
            Collection<String> addresses)
            throws IOException {
        if (!serves(name, addresses)) {
            write(name, authority.server(commonName, dns, addresses));
        }
    }

    private void nodeServer(Certificates authority) throws IOException {
        for (int i = 1; i <= Math.max(1, settings.simulatedNodes()); i++) {
            String node = settings.simulatedNodeName(i);
            server(
                    authority,
                    "kubelet-" + node,
                    "system:node:" + node,
                    List.of(node, "localhost"),
                    new TreeSet<>(List.of("127.0.0.1", settings.nodeIp())));
        }
    }

    private void client(Certificates authority, String name, String user, List<String> groups) throws IOException {
        if (!lasts(name)) {
            write(name, authority.client(user, groups));
        }
    }

    private void etcd() throws IOException {
        Certificates authority = authority("etcd-ca", "vertikube-etcd-ca");
        if (!lasts("etcd-server")) {
            write("etcd-server", authority.peer("etcd", List.of("localhost"), List.of("127.0.0.1")));
        }
        client(authority, "apiserver-etcd-client", "kube-apiserver", List.of());
    }

    private void signingKey() throws IOException {
        Path key = files.pki("sa.key");
        if (!Files.exists(key)) {
            secret(key, Keys.pem(Keys.newPair().getPrivate()));
        }
    }

    private void kubeconfig(Certificates authority, String caller, String user, List<String> groups)
            throws IOException {
        client(authority, "client-" + caller, user, groups);
        byte[] certificate = Files.readAllBytes(files.pki("client-" + caller + ".crt"));
        var pair = new Certificates.Pair(certificate, Files.readAllBytes(files.pki("client-" + caller + ".key")));
        // Some clients take a key that does not say what it is for an RSA key.
        KubeConfig config = KubeConfig.withCertificate(
                settings.localServer(), authority.authorityPem(), certificate, Certificates.namedKey(pair));
        byte[] text = config.toYaml("vertikube", user).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Path file = files.kubeconfig(caller);
        if (!Files.exists(file) || !java.util.Arrays.equals(Files.readAllBytes(file), text)) {
            secret(file, text);
        }
    }

    private boolean serves(String name, Collection<String> addresses) throws IOException {
        if (!lasts(name)) {
            return false;
        }
        try {
            var names = Certificates.readCertificate(Files.readAllBytes(files.pki(name + ".crt")))
                    .getSubjectAlternativeNames();
            var there = new TreeSet<String>();
            names.forEach(n -> there.add(String.valueOf(n.get(1))));
            return there.containsAll(addresses);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private boolean lasts(String name) throws IOException {
        Path file = files.pki(name + ".crt");
        if (!Files.exists(file) || !Files.exists(files.pki(name + ".key"))) {
            return false;
        }
        try {
            X509Certificate certificate = Certificates.readCertificate(Files.readAllBytes(file));
            return certificate.getNotAfter().toInstant().isAfter(clock.instant().plus(RENEW_BEFORE));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private void write(String name, Certificates.Pair pair) throws IOException {
        secret(files.pki(name + ".key"), pair.key());
        Path file = files.pki(name + ".crt");
        Files.write(file, pair.certificate());
    }

    /** Readable by the owner alone, and nobody ever sees half a key. */
    private static void secret(Path file, byte[] content) throws IOException {
        WholeFile.write(
                file, content, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static void folder(Path folder) throws IOException {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            throw new IOException(folder + " is no folder", e);
        }
    }
}
