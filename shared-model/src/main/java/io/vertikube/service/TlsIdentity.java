package io.vertikube.service;

import io.vertx.core.net.KeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The one certificate with its key that an end of a connection shows. A key store would do the same after encrypting the
 * key and decrypting it again, ten thousand rounds each, which is a good part of a cold start. Immutable.
 */
public final class TlsIdentity extends X509ExtendedKeyManager {

    private static final String ALIAS = "own";

    private final X509Certificate[] chain;
    private final PrivateKey key;

    private TlsIdentity(X509Certificate[] chain, PrivateKey key) {
        this.chain = chain;
        this.key = key;
    }

    /**
     * Reads both from PEM.
     *
     * @param certificatePem the certificate, those that signed it after it
     * @throws IllegalArgumentException if there is no certificate or no key in them
     */
    public static KeyCertOptions of(byte[] certificatePem, byte[] keyPem) {
        try {
            X509Certificate[] chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(certificatePem))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toArray(X509Certificate[]::new);
            if (chain.length == 0) {
                throw new IllegalArgumentException("no certificate in the PEM text");
            }
            return KeyCertOptions.wrap(new TlsIdentity(chain, key(chain[0].getPublicKey(), keyPem)));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("this is no PEM certificate with its key: " + e.getMessage(), e);
        }
    }

    /** JSSE takes a key by the name of its algorithm, and where other providers are installed an EC key may come as ECDSA. */
    private static PrivateKey key(PublicKey shown, byte[] pem) throws IOException, GeneralSecurityException {
        PrivateKey key = Keys.read(pem);
        return key.getAlgorithm().equals(shown.getAlgorithm())
                ? key
                : KeyFactory.getInstance(shown.getAlgorithm())
                        .generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
    }

    /** Types of keys that JSSE asks for are names of algorithms, some with the signer's after a line. */
    private @Nullable String alias(String... keyTypes) {
        return Arrays.stream(keyTypes)
                        .anyMatch(type -> type.equals(key.getAlgorithm()) || type.startsWith(key.getAlgorithm() + "_"))
                ? ALIAS
                : null;
    }

    private String @Nullable [] aliases(String keyType) {
        String own = alias(keyType);
        return own == null ? null : new String[] {own};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyTypes);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyTypes);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyType);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return ALIAS.equals(alias) ? chain.clone() : null;
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return ALIAS.equals(alias) ? key : null;
    }
}
