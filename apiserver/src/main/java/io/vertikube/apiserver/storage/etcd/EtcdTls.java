package io.vertikube.apiserver.storage.etcd;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.vertikube.apiserver.storage.StoreUnavailable;
import io.vertikube.service.Keys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/** Turns PEM files into what the connection to etcd needs. Pure functions but for reading the files. */
final class EtcdTls {

    private EtcdTls() {}

    /** Files that are missing or of no use are a {@link StoreUnavailable} that names them. */
    static SslContext context(EtcdOptions.Tls tls) {
        try {
            SslContextBuilder context = GrpcSslContexts.forClient().trustManager(certificates(tls.ca()));
            if (tls.certificate() != null && tls.key() != null) {
                PrivateKey key = Keys.read(Files.readAllBytes(tls.key()));
                context.keyManager(key, certificates(tls.certificate()));
            }
            return context.build();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new StoreUnavailable(
                    "cannot use the TLS files for etcd (" + tls.ca() + ", " + tls.certificate() + ", " + tls.key()
                            + "): " + e.getMessage(),
                    e);
        }
    }

    private static X509Certificate[] certificates(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
        }
    }
}
