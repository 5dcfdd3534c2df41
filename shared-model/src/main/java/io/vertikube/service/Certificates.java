package io.vertikube.service;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

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
            KeyPair keys = newKeys();
            X500Name name = name(commonName, List.of());
            var builder = builder(name, name, keys, clock, AUTHORITY_LIFE);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
            return new Certificates(sign(builder, keys.getPrivate()), keys.getPrivate(), clock);
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("cannot make a certificate authority: " + e.getMessage(), e);
        }
    }

    /** An authority made before. */
    public static Certificates load(Pair pair, InstantSource clock) {
        try {
            return new Certificates(readCertificate(pair.certificate()), readKey(pair.key()), clock);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("this is no PEM certificate authority: " + e.getMessage(), e);
        }
    }

    /** The authority itself; its key must be kept from others. */
    public Pair authority() {
        return new Pair(pem(authority), pemKey(authorityKey));
    }

    /** The authority's certificate: what those who trust it need. */
    public byte[] authorityPem() {
        return pem(authority);
    }

    /** A certificate to serve TLS under DNS names and IP addresses. */
    public Pair server(String commonName, Collection<String> dnsNames, Collection<String> addresses) {
        var names = new java.util.ArrayList<GeneralName>();
        dnsNames.forEach(n -> names.add(new GeneralName(GeneralName.dNSName, n)));
        addresses.forEach(a -> names.add(new GeneralName(GeneralName.iPAddress, a)));
        return leaf(name(commonName, List.of()), names, KeyPurposeId.id_kp_serverAuth);
    }

    /** A certificate that identifies a caller: the common name is the user, the organizations its groups. */
    public Pair client(String user, Collection<String> groups) {
        return leaf(name(user, groups), List.of(), KeyPurposeId.id_kp_clientAuth);
    }

    /** A certificate for both ends, as nodes of one cluster of etcd show each other. */
    public Pair peer(String commonName, Collection<String> dnsNames, Collection<String> addresses) {
        var names = new java.util.ArrayList<GeneralName>();
        dnsNames.forEach(n -> names.add(new GeneralName(GeneralName.dNSName, n)));
        addresses.forEach(a -> names.add(new GeneralName(GeneralName.iPAddress, a)));
        return leaf(name(commonName, List.of()), names, KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);
    }

    /** A fresh key, PEM, for signing service account tokens. */
    public static byte[] newSigningKey() {
        try {
            return pemKey(newKeys().getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no P-256 keys", e);
        }
    }

    /** Reads the first certificate of a PEM text. */
    public static X509Certificate readCertificate(byte[] pem) throws IOException, GeneralSecurityException {
        try (var parser = new PEMParser(new java.io.StringReader(new String(pem, StandardCharsets.US_ASCII)))) {
            if (parser.readObject() instanceof X509CertificateHolder holder) {
                return new JcaX509CertificateConverter().getCertificate(holder);
            }
            throw new IOException("no certificate in the PEM text");
        }
    }

    /** Reads a private key from PEM, PKCS#8 or the older forms. */
    public static PrivateKey readKey(byte[] pem) throws IOException {
        try (var parser = new PEMParser(new java.io.StringReader(new String(pem, StandardCharsets.US_ASCII)))) {
            var converter = new JcaPEMKeyConverter();
            for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
                if (object instanceof PEMKeyPair pair) {
                    return converter.getPrivateKey(pair.getPrivateKeyInfo());
                }
                if (object instanceof PrivateKeyInfo info) {
                    return converter.getPrivateKey(info);
                }
            }
            throw new IOException("no private key in the PEM text");
        }
    }

    /**
     * The pair's key in the older form of its algorithm ({@code EC PRIVATE KEY}), for readers that go by that name. Curve and
     * public key stand inside of it, where PKCS#8 has them outside or not at all.
     */
    public static byte[] namedKey(Pair pair) {
        try {
            PrivateKey key = readKey(pair.key());
            if (!(key instanceof java.security.interfaces.ECPrivateKey curved)) {
                return write(key);
            }
            var shown = SubjectPublicKeyInfo.getInstance(
                    readCertificate(pair.certificate()).getPublicKey().getEncoded());
            var whole = new ECPrivateKey(
                    curved.getParams().getOrder().bitLength(),
                    curved.getS(),
                    shown.getPublicKeyData(),
                    shown.getAlgorithm().getParameters());
            return write(new PemObject("EC PRIVATE KEY", whole.getEncoded()));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("this is no PEM certificate with its key: " + e.getMessage(), e);
        }
    }

    private Pair leaf(X500Name subject, List<GeneralName> alternatives, KeyPurposeId... purposes) {
        try {
            KeyPair keys = newKeys();
            X500Name issuer =
                    X500Name.getInstance(authority.getSubjectX500Principal().getEncoded());
            var builder = builder(issuer, subject, keys, clock, LEAF_LIFE);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority.getPublicKey()));
            if (!alternatives.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(alternatives.toArray(new GeneralName[0])));
            }
            return new Pair(pem(sign(builder, authorityKey)), pemKey(keys.getPrivate()));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("cannot sign a certificate for " + subject + ": " + e.getMessage(), e);
        }
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, KeyPair keys, InstantSource clock, Duration life) {
        Instant now = clock.instant();
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, RANDOM).setBit(126),
                Date.from(now.minus(CLOCK_SKEW)),
                Date.from(now.plus(life)),
                subject,
                keys.getPublic());
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws OperatorCreationException, GeneralSecurityException {
        String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(key)));
    }

    private static X500Name name(String commonName, Collection<String> organizations) {
        var builder = new X500NameBuilder(BCStyle.INSTANCE);
        organizations.forEach(o -> builder.addRDN(BCStyle.O, o));
        return builder.addRDN(BCStyle.CN, commonName).build();
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
        return generator.generateKeyPair();
    }

    private static byte[] pem(X509Certificate certificate) {
        return write(certificate);
    }

    private static byte[] pemKey(PrivateKey key) {
        try {
            return write(new JcaPKCS8Generator(key, null).generate());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] write(Object object) {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
