package io.vertikube.apiserver;

import io.vertikube.apiserver.authn.TokenKeys;
import io.vertikube.client.KubeConfig;
import io.vertikube.service.Certificates;
import io.vertikube.service.Keys;
import io.vertikube.value.Cidr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The certificates and keys of a server, read from files or made in memory. Immutable.
 *
 * @param serving what it shows to callers
 * @param clientCa whose client certificates count
 * @param kubeletClient what it shows to kubelets
 * @param kubeletCa whose kubelets it believes
 * @param authority made in memory; null where the client authority came from a file
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record ServerKeys(
        Certificates.Pair serving,
        byte[] clientCa,
        Certificates.Pair kubeletClient,
        byte[] kubeletCa,
        TokenKeys tokens,
        @Nullable Certificates authority) {

    private static final int TOKEN_CURVE_BITS = 256;

    static ServerKeys of(ApiServerOptions options, String advertiseAddress, InstantSource clock) {
        var serving = options.serving();
        var identity = options.identity();
        @Nullable Certificates authority = null;
        if (serving.clientCa() == null || serving.certificate() == null || identity.kubeletCertificate() == null) {
            authority = Certificates.create("vertikube-ca", clock);
        }
        byte[] clientCa = serving.clientCa() != null
                ? read("--client-ca-file", serving.clientCa())
                : made(authority).authorityPem();
        Certificates.Pair servingPair =
                pair("--tls-cert-file", serving.certificate(), "--tls-private-key-file", serving.key());
        Certificates.Pair kubeletPair = pair(
                "--kubelet-client-certificate",
                identity.kubeletCertificate(),
                "--kubelet-client-key",
                identity.kubeletKey());
        return new ServerKeys(
                servingPair != null ? servingPair : servingPair(options, advertiseAddress, made(authority)),
                clientCa,
                kubeletPair != null
                        ? kubeletPair
                        : made(authority).client("kube-apiserver-kubelet-client", List.of("system:masters")),
                identity.kubeletCa() != null ? read("--kubelet-certificate-authority", identity.kubeletCa()) : clientCa,
                tokenKeys(identity),
                serving.clientCa() == null ? authority : null);
    }

    /** A kubeconfig of a member of {@code system:masters}; only where the authority was made here. */
    KubeConfig adminConfig(URI server) {
        return clientConfig(server, "kubernetes-admin", "system:masters");
    }

    KubeConfig clientConfig(URI server, String user, String... groups) {
        Certificates signer = signer();
        Certificates.Pair client = signer.client(user, List.of(groups));
        return KubeConfig.withCertificate(server, signer.authorityPem(), client.certificate(), client.key());
    }

    Certificates.Pair sign(String commonName, List<String> addresses) {
        return signer().server(commonName, List.of(), addresses);
    }

    private Certificates signer() {
        Certificates signer = authority;
        if (signer == null) {
            throw new IllegalStateException("the client authority is a file, so its key is not here to sign with");
        }
        return signer;
    }

    private static Certificates.Pair servingPair(ApiServerOptions options, String advertise, Certificates authority) {
        Set<String> names = new LinkedHashSet<>(List.of(
                "localhost",
                "kubernetes",
                "kubernetes.default",
                "kubernetes.default.svc",
                "kubernetes.default.svc.cluster.local"));
        Set<String> addresses = new LinkedHashSet<>(List.of("127.0.0.1"));
        addresses.add(advertise);
        addresses.add(Cidr.parse(options.cluster().serviceRange()).address(1));
        try {
            names.add(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            names.add(options.cluster().serverName());
        }
        return authority.server("kube-apiserver", names, addresses);
    }

    private static TokenKeys tokenKeys(ApiServerOptions.Identity identity) {
        try {
            Supplier<KeyPair> signing = signingKeys(identity.serviceAccountSigningKey());
            List<PublicKey> others = new ArrayList<>();
            for (Path file : identity.serviceAccountKeys()) {
                others.add(Keys.readPublic(read("--service-account-key-file", file)));
            }
            return new TokenKeys(signing, others);
        } catch (IOException e) {
            throw new IllegalArgumentException("a key for service account tokens cannot be read: " + e.getMessage(), e);
        }
    }

    /** A key that is no good is refused here; a curved one's public half takes long to compute. */
    private static Supplier<KeyPair> signingKeys(@Nullable Path file) throws IOException {
        if (file == null) {
            return Keys::newPair;
        }
        PrivateKey key = Keys.read(read("--service-account-signing-key-file", file));
        if (!(key instanceof ECPrivateKey curved)) {
            KeyPair pair = new KeyPair(Keys.publicHalf(key), key);
            return () -> pair;
        }
        if (curved.getParams().getOrder().bitLength() != TOKEN_CURVE_BITS) {
            throw new IOException("keys for tokens are RSA or on the curve P-256");
        }
        return () -> {
            try {
                return new KeyPair(Keys.publicHalf(key), key);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static Certificates.@Nullable Pair pair(
            String certificateFlag, @Nullable Path certificate, String keyFlag, @Nullable Path key) {
        if (certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            throw new IllegalArgumentException(
                    certificateFlag + " and " + keyFlag + " are given together or not at all");
        }
        return new Certificates.Pair(read(certificateFlag, certificate), read(keyFlag, key));
    }

    private static Certificates made(@Nullable Certificates authority) {
        if (authority == null) {
            throw new IllegalStateException("no authority was made");
        }
        return authority;
    }

    private static byte[] read(String flag, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(flag + ": no such file: " + file, e);
        } catch (IOException e) {
            throw new UncheckedIOException(flag + ": cannot read " + file, e);
        }
    }
}
