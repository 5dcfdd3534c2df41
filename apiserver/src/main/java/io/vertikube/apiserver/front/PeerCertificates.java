package io.vertikube.apiserver.front;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * The certificates of callers. TLS proves that a caller holds the key; whether the certificate comes from the client
 * authority is asked afterwards, so that a stranger gets a 401 that can be read instead of a broken handshake. Immutable,
 * safe for any thread.
 */
public final class PeerCertificates {

    private final X509TrustManager authority;

    private PeerCertificates(X509TrustManager authority) {
        this.authority = authority;
    }

    /** Trusts what chains to one of the certificates of a PEM text. */
    public static PeerCertificates of(byte[] authorityPem) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int index = 0;
        for (var certificate :
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(authorityPem))) {
            store.setCertificateEntry("ca-" + index++, certificate);
        }
        if (index == 0) {
            throw new GeneralSecurityException("no certificate in the client CA file");
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return new PeerCertificates(x509);
            }
        }
        throw new GeneralSecurityException("this JVM verifies no X.509 certificates");
    }

    /** Whether the chain leads to the client authority, is in date, and is meant for clients. */
    public boolean trusts(List<X509Certificate> chain) {
        try {
            authority.checkClientTrusted(
                    chain.toArray(new X509Certificate[0]),
                    chain.getFirst().getPublicKey().getAlgorithm());
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    /** What the TLS layer uses: names the authorities it would like, and lets everything in. */
    X509TrustManager asking() {
        return new Asking(authority.getAcceptedIssuers());
    }

    private static final class Asking extends X509ExtendedTrustManager {
        private final X509Certificate[] issuers;

        Asking(X509Certificate[] issuers) {
            this.issuers = issuers;
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return issuers.clone();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("this side only serves");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw new CertificateException("this side only serves");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("this side only serves");
        }
    }
}
