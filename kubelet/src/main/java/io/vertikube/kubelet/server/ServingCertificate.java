package io.vertikube.kubelet.server;

import io.vertikube.kubelet.KubeletOptions;
import io.vertikube.service.Certificates;
import io.vertikube.service.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;

/** The certificate a kubelet serves: the one it was given, or one that it made for itself. */
final class ServingCertificate {

    private ServingCertificate() {}

    static TlsFiles of(KubeletOptions options, InstantSource clock) throws IOException {
        Path clientCa = options.clientCaFile().orElse(null);
        if (options.tlsCertFile().isPresent() && options.tlsPrivateKeyFile().isPresent()) {
            return new TlsFiles(
                    options.tlsCertFile().get(), options.tlsPrivateKeyFile().get(), clientCa);
        }
        Path folder = Files.createDirectories(options.rootDir().resolve("pki"));
        Path certificate = folder.resolve("kubelet.crt");
        Path key = folder.resolve("kubelet.key");
        if (Files.notExists(certificate) || Files.notExists(key)) {
            Certificates.Pair made = Certificates.create("kubelet-" + options.hostname(), clock)
                    .server(
                            options.hostname(),
                            List.of(options.hostname()),
                            options.nodeIp().stream().toList());
            Files.deleteIfExists(key);
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(key, made.key());
            Files.write(certificate, made.certificate());
        }
        return new TlsFiles(certificate, key, clientCa);
    }
}
