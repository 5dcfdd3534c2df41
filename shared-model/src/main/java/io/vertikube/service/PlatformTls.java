package io.vertikube.service;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of a server by the Java platform alone. Vert.x' own choice makes the same engines, but gets to them through Netty's
 * builder, which first tries whether a trust manager can be wrapped, with a key that it lets Bouncy Castle read where that is
 * on the class path: seven hundred classes of a signed jar, loaded and verified on the event loop while the first client waits.
 * For one server's options.
 *
 * <p>Suites that the options do not name are the platform's, as the system property {@code jdk.tls.server.cipherSuites} has them.
 * Where that is set its order counts, else the client's, as a client knows which suites its processor helps it with.
 */
public final class PlatformTls extends JdkSSLEngineOptions {
    private static final String SUITES = "jdk.tls.server.cipherSuites";

    public PlatformTls() {}

    private PlatformTls(PlatformTls other) {
        super(other);
    }

    @Override
    public PlatformTls copy() {
        return new PlatformTls(this);
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return new ServerContexts();
    }

    private static final class ServerContexts implements SslContextFactory {
        private @Nullable KeyManagerFactory keys;
        private @Nullable TrustManagerFactory trust;
        private ClientAuth clientAuth = ClientAuth.NONE;
        private Set<String> ciphers = Set.of();
        private List<String> protocols = List.of();
        private boolean negotiates;

        @Override
        public SslContextFactory forClient(boolean client) {
            if (client) {
                throw new IllegalStateException(
                        "PlatformTls is for servers: leave a client's engine options as they are");
            }
            return this;
        }

        @Override
        public SslContextFactory useAlpn(boolean wanted) {
            negotiates = wanted;
            return this;
        }

        @Override
        public SslContextFactory keyMananagerFactory(KeyManagerFactory factory) {
            keys = factory;
            return this;
        }

        @Override
        public SslContextFactory trustManagerFactory(TrustManagerFactory factory) {
            trust = factory;
            return this;
        }

        @Override
        public SslContextFactory clientAuth(ClientAuth wanted) {
            clientAuth = wanted;
            return this;
        }

        @Override
        public SslContextFactory enabledCipherSuites(Set<String> suites) {
            ciphers = suites;
            return this;
        }

        @Override
        public SslContextFactory applicationProtocols(List<String> names) {
            protocols = names;
            return this;
        }

        @Override
        public SslContext create() throws SSLException {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(
                        keys == null ? null : keys.getKeyManagers(),
                        trust == null ? null : trust.getTrustManagers(),
                        null);
                var made = new JdkSslContext(
                        context,
                        false,
                        ciphers.isEmpty() ? platformsOwn(context) : ciphers,
                        IdentityCipherSuiteFilter.INSTANCE,
                        offered(),
                        clientAuth,
                        null,
                        false);
                return System.getProperty(SUITES) == null ? new ClientsOrder(made) : made;
            } catch (GeneralSecurityException e) {
                throw new SSLException("no TLS with this key and these authorities: " + e.getMessage(), e);
            }
        }

        /** In their order; Netty's own choice leaves ChaCha20 out, which processors without AES want. */
        private static List<String> platformsOwn(SSLContext context) {
            return List.of(context.createSSLEngine().getEnabledCipherSuites());
        }

        /** What is offered by ALPN; nothing is refused, and a client that knows none of it speaks HTTP/1.1. */
        private ApplicationProtocolConfig offered() {
            return !negotiates || protocols.isEmpty()
                    ? ApplicationProtocolConfig.DISABLED
                    : new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            protocols);
        }
    }

    private static final class ClientsOrder extends DelegatingSslContext {

        ClientsOrder(SslContext made) {
            super(made);
        }

        @Override
        protected void initEngine(SSLEngine engine) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setUseCipherSuitesOrder(false);
            engine.setSSLParameters(parameters);
        }
    }
}
