package io.vertikube.service;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A certificate of version 3 (RFC 5280) in the making: who, whose key, how long, and its extensions. Not safe for more
 * than one thread.
 */
final class CertificateBody {

    static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    /** Bits of the key usage, the first one highest. */
    static final int DIGITAL_SIGNATURE = 0x80;

    static final int CERTIFICATE_SIGN = 0x04;
    static final int REVOCATION_SIGN = 0x02;

    private static final int DNS_NAME = 2;
    private static final int ADDRESS = 7;

    private final byte[] issuer;
    private final byte[] subject;
    private final PublicKey key;
    private final List<byte[]> extensions = new ArrayList<>();

    CertificateBody(byte[] issuer, byte[] subject, PublicKey key) {
        this.issuer = issuer;
        this.subject = subject;
        this.key = key;
    }

    /** A distinguished name of organizations and a common name. */
    static byte[] name(String commonName, Collection<String> organizations) {
        var parts = new ArrayList<byte[]>();
        organizations.forEach(o -> parts.add(Der.setOf(Der.sequence(Der.oid("2.5.4.10"), Der.utf8(o)))));
        parts.add(Der.setOf(Der.sequence(Der.oid("2.5.4.3"), Der.utf8(commonName))));
        return Der.sequence(parts);
    }

    /** What tells a key from others of the same name: the SHA-1 of its bits. */
    static byte[] identifier(PublicKey key) throws GeneralSecurityException {
        List<Der.Value> shown = Der.read(Der.read(key.getEncoded()).getFirst().content());
        byte[] bits = shown.get(1).content();
        MessageDigest digest = MessageDigest.getInstance("SHA-1");
        digest.update(bits, 1, bits.length - 1);
        return digest.digest();
    }

    CertificateBody authority(boolean isOne) {
        return with("2.5.29.19", true, isOne ? Der.sequence(Der.yes()) : Der.sequence());
    }

    CertificateBody usage(int bits) {
        return with("2.5.29.15", true, Der.flags(bits));
    }

    CertificateBody purposes(List<String> purposes) {
        return with(
                "2.5.29.37", false, Der.sequence(purposes.stream().map(Der::oid).toList()));
    }

    CertificateBody subjectKey(byte[] identifier) {
        return with("2.5.29.14", false, Der.octets(identifier));
    }

    CertificateBody authorityKey(byte[] identifier) {
        return with("2.5.29.35", false, Der.sequence(Der.simpleField(0, identifier)));
    }

    /**
     * The names it serves under; nothing if there are none.
     *
     * @throws IllegalArgumentException if an address is none
     */
    CertificateBody alternatives(Collection<String> dnsNames, Collection<String> addresses) {
        var names = new ArrayList<byte[]>();
        dnsNames.forEach(n -> names.add(Der.simpleField(DNS_NAME, n.getBytes(StandardCharsets.US_ASCII))));
        addresses.forEach(
                a -> names.add(Der.simpleField(ADDRESS, InetAddress.ofLiteral(a).getAddress())));
        return names.isEmpty() ? this : with("2.5.29.17", false, Der.sequence(names));
    }

    private CertificateBody with(String oid, boolean critical, byte[] value) {
        extensions.add(
                critical
                        ? Der.sequence(Der.oid(oid), Der.yes(), Der.octets(value))
                        : Der.sequence(Der.oid(oid), Der.octets(value)));
        return this;
    }

    X509Certificate sign(PrivateKey signer, BigInteger serial, Instant from, Instant until)
            throws GeneralSecurityException {
        boolean rsa = signer.getAlgorithm().equals("RSA");
        byte[] algorithm = rsa
                ? Der.sequence(Der.oid("1.2.840.113549.1.1.11"), Der.nothing())
                : Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
        byte[] body = Der.sequence(
                Der.field(0, Der.integer(2)),
                Der.integer(serial),
                algorithm,
                issuer,
                Der.sequence(Der.time(from), Der.time(until)),
                subject,
                key.getEncoded(),
                Der.field(3, Der.sequence(extensions)));
        Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
        signature.initSign(signer);
        signature.update(body);
        byte[] whole = Der.sequence(body, algorithm, Der.bits(signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
    }
}
