package io.vertikube.service;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.crypto.KeyAgreement;
import org.jspecify.annotations.Nullable;

/**
 * Keys as PEM files hold them: PKCS#8 and the older forms of RSA (PKCS#1) and of curves (SEC 1), public keys, and those of
 * certificates. All by the JVM's own providers: a library for this comes as a signed archive, whose check alone costs
 * a fifth of a second at every start.
 */
public final class Keys {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String CURVED = "1.2.840.10045.2.1";
    private static final String RSA = "1.2.840.113549.1.1.1";
    private static final Map<String, String> ALGORITHMS = Map.of(CURVED, "EC", RSA, "RSA", "1.3.101.112", "Ed25519");

    private Keys() {}

    /** A fresh pair on the curve P-256. */
    public static KeyPair newPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no P-256 keys", e);
        }
    }

    /** As PKCS#8. */
    public static byte[] pem(PrivateKey key) {
        return new Pem("PRIVATE KEY", key.getEncoded()).text();
    }

    /**
     * The first private key of a PEM text.
     *
     * @throws IOException if there is none, or none that can be used
     */
    public static PrivateKey read(byte[] pem) throws IOException {
        for (Pem block : Pem.read(pem)) {
            @Nullable PrivateKey key = privateKey(block);
            if (key != null) {
                return key;
            }
        }
        throw new IOException("no private key in the PEM text");
    }

    /**
     * The first public key of a PEM text, or that of its first certificate or private key.
     *
     * @throws IOException if there is none, or none that can be used
     */
    public static PublicKey readPublic(byte[] pem) throws IOException {
        try {
            for (Pem block : Pem.read(pem)) {
                if (block.label().equals("PUBLIC KEY")) {
                    return KeyFactory.getInstance(algorithm(block.content(), 0))
                            .generatePublic(new X509EncodedKeySpec(block.content()));
                }
                if (block.label().equals("RSA PUBLIC KEY")) {
                    byte[] whole = Der.sequence(Der.sequence(Der.oid(RSA), Der.nothing()), Der.bits(block.content()));
                    return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(whole));
                }
                if (block.label().equals("CERTIFICATE")) {
                    return CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.content()))
                            .getPublicKey();
                }
                @Nullable PrivateKey key = privateKey(block);
                if (key != null) {
                    return publicHalf(key);
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("this key cannot be used: " + e.getMessage(), e);
        }
        throw new IOException("no key in the PEM text");
    }

    /**
     * What belongs to a private key, computed from it.
     *
     * @throws IOException unless it is RSA or on a curve over a prime field
     */
    public static PublicKey publicHalf(PrivateKey key) throws IOException {
        try {
            return switch (key) {
                case RSAPrivateCrtKey rsa ->
                    KeyFactory.getInstance("RSA")
                            .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
                case ECPrivateKey curved -> pointOf(curved);
                default ->
                    throw new IOException("the public half of such a key (" + key.getAlgorithm() + ") is needed");
            };
        } catch (GeneralSecurityException e) {
            throw new IOException("this key cannot be used: " + e.getMessage(), e);
        }
    }

    /** The key in its curve's older form ({@code EC PRIVATE KEY}), which holds curve and public key as well; others as PKCS#8. */
    static byte[] named(PrivateKey key, PublicKey publicKey) throws GeneralSecurityException {
        if (!(key instanceof ECPrivateKey curved)) {
            return pem(key);
        }
        List<Der.Value> shown = inside(publicKey.getEncoded());
        List<Der.Value> algorithm = Der.read(shown.get(0).content());
        byte[] point = shown.get(1).content();
        byte[] whole = Der.sequence(
                Der.integer(1),
                Der.octets(fixed(curved.getS(), (curved.getParams().getOrder().bitLength() + 7) / 8)),
                Der.field(0, encoded(algorithm.get(1))),
                Der.field(1, Der.bits(Arrays.copyOfRange(point, 1, point.length))));
        return new Pem("EC PRIVATE KEY", whole).text();
    }

    private static @Nullable PrivateKey privateKey(Pem block) throws IOException {
        try {
            return switch (block.label()) {
                case "PRIVATE KEY" -> fromPkcs8(block.content());
                case "RSA PRIVATE KEY" ->
                    fromPkcs8(wrapped(Der.sequence(Der.oid(RSA), Der.nothing()), block.content()));
                case "EC PRIVATE KEY" ->
                    fromPkcs8(wrapped(Der.sequence(Der.oid(CURVED), curve(block.content())), block.content()));
                case "ENCRYPTED PRIVATE KEY" -> throw new IOException("the private key is encrypted; give it in clear");
                default -> null;
            };
        } catch (GeneralSecurityException e) {
            throw new IOException("this key cannot be used: " + e.getMessage(), e);
        }
    }

    private static PrivateKey fromPkcs8(byte[] encoded) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm(encoded, 1)).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return Der.sequence(Der.integer(0), algorithm, Der.octets(key));
    }

    /** The curve that an older form names in its field [0]. */
    private static byte[] curve(byte[] key) throws InvalidKeyException {
        for (Der.Value value : inside(key)) {
            if (value.tag() == 0xa0) {
                return value.content();
            }
        }
        throw new InvalidKeyException("the key does not name its curve");
    }

    /** The algorithm's name, from the sequence that stands at this place of a key. */
    private static String algorithm(byte[] key, int place) throws InvalidKeyException {
        List<Der.Value> values = inside(key);
        List<Der.Value> parts =
                values.size() > place ? Der.read(values.get(place).content()) : List.of();
        if (!parts.isEmpty()) {
            for (Map.Entry<String, String> known : ALGORITHMS.entrySet()) {
                if (Arrays.equals(Der.oid(known.getKey()), encoded(parts.getFirst()))) {
                    return known.getValue();
                }
            }
        }
        throw new InvalidKeyException("its algorithm is none of "
                + String.join(", ", ALGORITHMS.values().stream().sorted().toList())
                        .toUpperCase(Locale.ROOT));
    }

    private static List<Der.Value> inside(byte[] sequence) throws InvalidKeyException {
        List<Der.Value> values = Der.read(sequence);
        if (values.size() != 1 || values.getFirst().tag() != Der.SEQUENCE) {
            throw new InvalidKeyException("it is no sequence of values");
        }
        return Der.read(values.getFirst().content());
    }

    private static byte[] encoded(Der.Value value) {
        return Der.value(value.tag(), value.content());
    }

    /**
     * The point of a private key. The providers multiply only to agree on a secret, so they are asked to agree with the
     * generator itself: that gives the point's x. Of the two points with that x, the right one verifies a signature.
     */
    private static PublicKey pointOf(ECPrivateKey key) throws GeneralSecurityException {
        ECParameterSpec curve = key.getParams();
        KeyFactory factory = KeyFactory.getInstance("EC");
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(key);
        agreement.doPhase(factory.generatePublic(new ECPublicKeySpec(curve.getGenerator(), curve)), true);
        BigInteger x = new BigInteger(1, agreement.generateSecret());
        if (!(curve.getCurve().getField() instanceof ECFieldFp field)) {
            throw new InvalidKeyException("its curve is not over a prime field");
        }
        BigInteger p = field.getP();
        BigInteger square = x.pow(3)
                .add(curve.getCurve().getA().multiply(x))
                .add(curve.getCurve().getB())
                .mod(p);
        // The primes of P-256, P-384 and P-521 leave 3 when divided by 4, which makes the root a power.
        BigInteger y = square.modPow(p.add(BigInteger.ONE).shiftRight(2), p);
        PublicKey one = factory.generatePublic(new ECPublicKeySpec(new ECPoint(x, y), curve));
        return belong(key, one)
                ? one
                : factory.generatePublic(new ECPublicKeySpec(new ECPoint(x, p.subtract(y)), curve));
    }

    private static boolean belong(PrivateKey key, PublicKey candidate) throws GeneralSecurityException {
        byte[] something = {1};
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(something);
        byte[] signed = signature.sign();
        signature.initVerify(candidate);
        signature.update(something);
        return signature.verify(signed);
    }

    /** A number in exactly so many octets. */
    private static byte[] fixed(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] result = new byte[length];
        int kept = Math.min(bytes.length, length);
        System.arraycopy(bytes, bytes.length - kept, result, length - kept, kept);
        return result;
    }
}
