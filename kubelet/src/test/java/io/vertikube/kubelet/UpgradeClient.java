package io.vertikube.kubelet;

import io.vertikube.service.Certificates;
import io.vertikube.service.Keys;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Asks an API server to change the protocol of a connection, as an exec client does, byte by byte. Blocking. */
final class UpgradeClient {

    /** A connection after its head was read; 101 leaves it open for what was agreed on. */
    record Upgraded(int code, Map<String, String> headers, Socket socket, InputStream in, OutputStream out)
            implements AutoCloseable {

        String body() throws IOException {
            int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
            return new String(in.readNBytes(length), StandardCharsets.UTF_8);
        }

        /** As a client that dies: no word of goodbye. */
        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private final SSLContext tls;
    private final int port;

    UpgradeClient(int port, byte[] authority, Certificates.Pair identity) {
        this.port = port;
        this.tls = tls(authority, identity);
    }

    Upgraded spdy(String path, List<String> protocols) throws IOException {
        var head = new StringBuilder("Upgrade: SPDY/3.1\r\nContent-Length: 0\r\n");
        if (!protocols.isEmpty()) {
            head.append("X-Stream-Protocol-Version: ")
                    .append(String.join(", ", protocols))
                    .append("\r\n");
        }
        return open("POST", path, head.toString());
    }

    Upgraded webSocket(String path, String protocol) throws IOException {
        return open(
                "GET",
                path,
                "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + (protocol.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + protocol + "\r\n"));
    }

    private Upgraded open(String method, String path, String headers) throws IOException {
        Socket socket = tls.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(30_000);
        socket.getOutputStream()
                .write((method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n" + headers
                                + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no answer but: " + head);
            }
            head.append((char) next);
        }
        String[] lines = head.toString().split("\r\n");
        Map<String, String> fields = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            String[] parts = lines[i].split(":", 2);
            fields.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
        }
        int code = Integer.parseInt(lines[0].split(" ")[1]);
        return new Upgraded(code, fields, socket, in, socket.getOutputStream());
    }

    private static SSLContext tls(byte[] authority, Certificates.Pair identity) {
        try {
            KeyStore trust = KeyStore.getInstance("PKCS12");
            trust.load(null, null);
            trust.setCertificateEntry("ca", Certificates.readCertificate(authority));
            TrustManagerFactory trusting = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusting.init(trust);
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry(
                    "me",
                    Keys.read(identity.key()),
                    new char[0],
                    java.security.cert.CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(identity.certificate()))
                            .toArray(new X509Certificate[0]));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trusting.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
