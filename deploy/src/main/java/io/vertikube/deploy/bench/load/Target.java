package io.vertikube.deploy.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.vertikube.client.KubeConfig;
import io.vertikube.service.Certificates;
import io.vertikube.service.Keys;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The server under load and who we are to it. Immutable.
 *
 * @param authorization the header line, with its line end, or empty
 */
public record Target(String host, int port, SslContext tls, String authorization) {

    /** @param anyServer whether to believe whatever certificate the server shows */
    public static Target of(KubeConfig config, boolean anyServer) throws SSLException {
        SslContextBuilder tls = SslContextBuilder.forClient().protocols("TLSv1.3", "TLSv1.2");
        tls.endpointIdentificationAlgorithm(null);
        if (anyServer || config.caPem().length == 0) {
            tls.trustManager(InsecureTrustManagerFactory.INSTANCE);
        } else {
            tls.trustManager(new ByteArrayInputStream(config.caPem()));
        }
        byte @Nullable [] certificate = config.certPem();
        byte @Nullable [] key = config.keyPem();
        if (certificate != null && key != null) {
            try {
                tls.keyManager(Keys.read(key), Certificates.readCertificate(certificate));
            } catch (IOException | GeneralSecurityException e) {
                throw new SSLException("the client certificate and its key cannot be read: " + e.getMessage(), e);
            }
        }
        URI server = config.server();
        String token = config.token();
        return new Target(
                server.getHost().replace("[", "").replace("]", ""),
                server.getPort() < 0 ? 443 : server.getPort(),
                tls.build(),
                token == null ? "" : "Authorization: Bearer " + token + "\r\n");
    }

    /** Writes a request without a body. */
    public void request(ByteBuf out, String method, String path) {
        head(out, method, path);
        ByteBufUtil.writeAscii(out, "\r\n");
    }

    /** Writes a request with a JSON body. */
    public void request(ByteBuf out, String method, String path, String contentType, byte[] body) {
        head(out, method, path);
        ByteBufUtil.writeAscii(out, "Content-Type: " + contentType + "\r\nContent-Length: " + body.length + "\r\n\r\n");
        out.writeBytes(body);
    }

    private void head(ByteBuf out, String method, String path) {
        String head = method + " " + path + " HTTP/1.1\r\nHost: " + host + ":" + port
                + "\r\nUser-Agent: bench/1\r\nAccept: application/json\r\n" + authorization;
        out.writeCharSequence(head, StandardCharsets.US_ASCII);
    }
}
