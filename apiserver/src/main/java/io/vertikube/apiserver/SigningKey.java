package io.vertikube.apiserver;

import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** A private key and its public half, as PEM files hold them. Immutable. */
record SigningKey(PrivateKey privateKey, PublicKey publicKey) {

    /** A private key; its public half is computed where the file does not hold it. */
    static SigningKey read(byte[] pem) throws IOException {
        var converter = new JcaPEMKeyConverter();
        try (var parser = parser(pem)) {
            for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
                if (object instanceof PEMKeyPair pair) {
                    PrivateKey key = converter.getPrivateKey(pair.getPrivateKeyInfo());
                    return new SigningKey(key, publicHalf(key));
                }
                if (object instanceof PrivateKeyInfo info) {
                    PrivateKey key = converter.getPrivateKey(info);
                    return new SigningKey(key, publicHalf(key));
                }
            }
        }
        throw new IOException("the PEM text holds no private key");
    }

    /** A public key, or that of a certificate or of a private key. */
    static PublicKey readPublic(byte[] pem) throws IOException {
        var converter = new JcaPEMKeyConverter();
        try (var parser = parser(pem)) {
            for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
                switch (object) {
                    case SubjectPublicKeyInfo info -> {
                        return converter.getPublicKey(info);
                    }
                    case X509CertificateHolder certificate -> {
                        return converter.getPublicKey(certificate.getSubjectPublicKeyInfo());
                    }
                    case PEMKeyPair pair -> {
                        return publicHalf(converter.getPrivateKey(pair.getPrivateKeyInfo()));
                    }
                    case PrivateKeyInfo info -> {
                        return publicHalf(converter.getPrivateKey(info));
                    }
                    default -> {}
                }
            }
        }
        throw new IOException("the PEM text holds no key");
    }

    private static PEMParser parser(byte[] pem) {
        return new PEMParser(new StringReader(new String(pem, StandardCharsets.US_ASCII)));
    }

    private static PublicKey publicHalf(PrivateKey key) throws IOException {
        try {
            return switch (key) {
                case RSAPrivateCrtKey rsa ->
                    KeyFactory.getInstance("RSA")
                            .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
                case ECPrivateKey ec -> {
                    BigInteger order = ec.getParams().getOrder();
                    var curve = CustomNamedCurves.getByName("secp256r1");
                    if (!curve.getN().equals(order)) {
                        throw new IOException("keys for tokens are RSA or on the curve P-256");
                    }
                    var point = curve.getG().multiply(ec.getS()).normalize();
                    yield KeyFactory.getInstance("EC")
                            .generatePublic(new ECPublicKeySpec(
                                    new ECPoint(
                                            point.getAffineXCoord().toBigInteger(),
                                            point.getAffineYCoord().toBigInteger()),
                                    ec.getParams()));
                }
                default -> throw new IOException("keys for tokens are RSA or on the curve P-256");
            };
        } catch (GeneralSecurityException e) {
            throw new IOException("this key cannot be used: " + e.getMessage(), e);
        }
    }
}
