package io.vertikube.service;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;

/**
 * A certificate authority on EC P-256 keys: makes itself, and signs serving and client certificates. Everything goes in
 * and out as PEM. Immutable, safe for any thread.
 */
public final class Certificates {

    /** A certificate and its PKCS#8 key, both PEM. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Pair(byte[] certificate, byte[] key) {}

    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    private static final Duration LEAF_LIFE = Duration.ofDays(365);
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final X509Certificate authority;
    private final PrivateKey authorityKey;
    private final InstantSource clock;

    private Certificates(X509Certificate authority, PrivateKey authorityKey, InstantSource clock) {
        this.authority = authority;
        this.authorityKey = authorityKey;
        this.clock = clock;
    }

    /** A new authority with a name of its own. */
    public static Certificates create(String commonName, InstantSource clock) {
        try {
            KeyPair keys = Keys.newPair();
            byte[] name = CertificateBody.name(commonName, List.of());
            var body = new CertificateBody(name, name, keys.getPublic())
                    .authority(true)
                    .usage(CertificateBody.CERTIFICATE_SIGN
                            | CertificateBody.REVOCATION_SIGN
                            | CertificateBody.DIGITAL_SIGNATURE)
                    .subjectKey(CertificateBody.identifier(keys.getPublic()));
            return new Certificates(sign(body, keys.getPrivate(), clock, AUTHORITY_LIFE), keys.getPrivate(), clock);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a certificate authority: " + e.getMessage(), e);
        }
    }

    /** An authority made before. */
    public static Certificates load(Pair pair, InstantSource clock) {
        try {
            return new Certificates(readCertificate(pair.certificate()), Keys.read(pair.key()), clock);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("this is no PEM certificate authority: " + e.getMessage(), e);
        }
    }

    /** The authority itself; its key must be kept from others. */
    public Pair authority() {
        return new Pair(pem(authority), Keys.pem(authorityKey));
    }

    /** The authority's certificate: what those who trust it need. */
    public byte[] authorityPem() {
        return pem(authority);
    }

    /** A certificate to serve TLS under DNS names and IP addresses. */
    public Pair server(String commonName, Collection<String> dnsNames, Collection<String> addresses) {
        byte[] subject = CertificateBody.name(commonName, List.of());
        return leaf(subject, dnsNames, addresses, List.of(CertificateBody.SERVER_AUTH));
    }

    /** A certificate that identifies a caller: the common name is the user, the organizations its groups. */
    public Pair client(String user, Collection<String> groups) {
        byte[] subject = CertificateBody.name(user, groups);
        return leaf(subject, List.of(), List.of(), List.of(CertificateBody.CLIENT_AUTH));
    }

    /** A certificate for both ends, as nodes of one cluster of etcd show each other. */
    public Pair peer(String commonName, Collection<String> dnsNames, Collection<String> addresses) {
        byte[] subject = CertificateBody.name(commonName, List.of());
        return leaf(subject, dnsNames, addresses, List.of(CertificateBody.SERVER_AUTH, CertificateBody.CLIENT_AUTH));
    }

    /** Reads the first certificate of a PEM text. */
    public static X509Certificate readCertificate(byte[] pem) throws IOException, GeneralSecurityException {
        for (Pem block : Pem.read(pem)) {
            if (block.label().equals("CERTIFICATE")) {
                return (X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(block.content()));
            }
        }
        throw new IOException("no certificate in the PEM text");
    }

    /**
     * The pair's key in the older form of its algorithm ({@code EC PRIVATE KEY}), for readers that go by that name. Curve and
     * public key stand inside of it, where PKCS#8 has them outside or not at all.
     */
    public static byte[] namedKey(Pair pair) {
        try {
            return Keys.named(
                    Keys.read(pair.key()), readCertificate(pair.certificate()).getPublicKey());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("this is no PEM certificate with its key: " + e.getMessage(), e);
        }
    }

    private Pair leaf(
            byte[] subject, Collection<String> dnsNames, Collection<String> addresses, List<String> purposes) {
        try {
            KeyPair keys = Keys.newPair();
            byte[] issuer = authority.getSubjectX500Principal().getEncoded();
            var body = new CertificateBody(issuer, subject, keys.getPublic())
                    .authority(false)
                    .usage(CertificateBody.DIGITAL_SIGNATURE)
                    .purposes(purposes)
                    .authorityKey(CertificateBody.identifier(authority.getPublicKey()))
                    .alternatives(dnsNames, addresses);
            return new Pair(pem(sign(body, authorityKey, clock, LEAF_LIFE)), Keys.pem(keys.getPrivate()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign a certificate: " + e.getMessage(), e);
        }
    }

    private static X509Certificate sign(CertificateBody body, PrivateKey key, InstantSource clock, Duration life)
            throws GeneralSecurityException {
        Instant now = clock.instant();
        return body.sign(key, new BigInteger(127, RANDOM).setBit(126), now.minus(CLOCK_SKEW), now.plus(life));
    }

    private static byte[] pem(X509Certificate certificate) {
        try {
            return new Pem("CERTIFICATE", certificate.getEncoded()).text();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate does not tell its encoding", e);
        }
    }
}
