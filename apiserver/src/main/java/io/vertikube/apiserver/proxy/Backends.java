package io.vertikube.apiserver.proxy;

import io.vertikube.service.Certificates;
import io.vertikube.service.TlsIdentity;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The clients through which kubelets and pods are reached. Kubelets are verified against the cluster's authority and are
 * shown the server's client certificate; pods are neither. Safe for any thread.
 */
final class Backends implements AutoCloseable {

    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");
    private static final int CONNECTIONS_PER_HOST = 512;

    private final HttpClient kubelets;
    private final HttpClient pods;
    private final Supplier<HttpClient> makeUnverified;
    private @Nullable HttpClient unverified;
    private final NetClient kubeletSockets;
    private final NetClient plainSockets;
    private final NetClient podSockets;

    Backends(Vertx vertx, Certificates.Pair client, byte[] authority, ProxyLimits limits) {
        var key = TlsIdentity.of(client.certificate(), client.key());
        var trust = new PemTrustOptions().addCertValue(Buffer.buffer(authority));
        int timeout = Math.toIntExact(limits.connectTimeout().toMillis());
        var pool = new PoolOptions().setHttp1MaxSize(CONNECTIONS_PER_HOST);
        this.kubelets = vertx.createHttpClient(
                new HttpClientOptions()
                        .setSsl(true)
                        .setEnabledSecureTransportProtocols(PROTOCOLS)
                        .setKeyCertOptions(key)
                        .setTrustOptions(trust)
                        .setVerifyHost(true)
                        .setConnectTimeout(timeout),
                pool);
        this.makeUnverified = () -> vertx.createHttpClient(
                new HttpClientOptions()
                        .setSsl(true)
                        .setEnabledSecureTransportProtocols(PROTOCOLS)
                        .setKeyCertOptions(key)
                        .setTrustAll(true)
                        .setVerifyHost(false)
                        .setConnectTimeout(timeout),
                pool);
        this.pods = vertx.createHttpClient(
                new HttpClientOptions().setTrustAll(true).setVerifyHost(false).setConnectTimeout(timeout), pool);
        this.kubeletSockets = vertx.createNetClient(new NetClientOptions()
                .setSsl(true)
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setKeyCertOptions(key)
                .setTrustOptions(trust)
                .setHostnameVerificationAlgorithm("HTTPS")
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setConnectTimeout(timeout));
        this.plainSockets = vertx.createNetClient(
                new NetClientOptions().setTcpKeepAlive(true).setConnectTimeout(timeout));
        this.podSockets = vertx.createNetClient(new NetClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setHostnameVerificationAlgorithm("")
                .setTcpKeepAlive(true)
                .setConnectTimeout(timeout));
    }

    /** For those who ask that a kubelet's certificate is not looked at; made when first asked for. */
    synchronized HttpClient unverified() {
        if (unverified == null) {
            unverified = makeUnverified.get();
        }
        return unverified;
    }

    HttpClient http(Target target) {
        return target.kubelet() ? kubelets : pods;
    }

    NetClient sockets(Target target) {
        return target.kubelet() ? kubeletSockets : target.tls() ? podSockets : plainSockets;
    }

    @Override
    public synchronized void close() {
        if (unverified != null) {
            unverified.close();
        }
        kubelets.close();
        pods.close();
        kubeletSockets.close();
        plainSockets.close();
        podSockets.close();
    }
}
