package io.vertikube.apiserver.resource.certificates;

import java.io.ByteArrayInputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * Whether bytes are what they say that they are: certificates (RFC 5280), or a request for one (PKCS #10, RFC 2986). Looks
 * at the form and not at signatures. Pure.
 */
final class Encodings {

    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OBJECT_ID = 0x06;
    private static final int SEQUENCE = 0x30;
    private static final int ATTRIBUTES = 0xa0;

    /** Keys that the JDK can read, by what stands for their kind in a request; others are taken as they are. */
    private static final Map<String, String> KEYS =
            Map.of("06092a864886f70d010101", "RSA", "06072a8648ce3d0201", "EC", "06032b6570", "Ed25519");

    private Encodings() {}

    /** What is wrong with certificates that stand one behind the other. */
    static Optional<String> wrongCertificates(byte[] der) {
        if (der.length == 0) {
            return Optional.of("found CERTIFICATE PEM block containing 0 certificates");
        }
        try {
            var in = new ByteArrayInputStream(der);
            var factory = CertificateFactory.getInstance("X.509");
            while (in.available() > 0) {
                in.mark(1);
                if (in.read() != SEQUENCE) { // The factory reads PEM and base64 too.
                    return Optional.of("x509: malformed certificate");
                }
                in.reset();
                factory.generateCertificate(in);
            }
            return Optional.empty();
        } catch (CertificateException e) {
            return Optional.of("x509: malformed certificate");
        }
    }

    /** What is wrong with a request. */
    static Optional<String> wrongRequest(byte[] der) {
        try {
            ByteBuffer whole = ByteBuffer.wrap(der);
            ByteBuffer request = part(whole, SEQUENCE);
            if (whole.hasRemaining()) {
                return Optional.of("asn1: syntax error: trailing data");
            }
            ByteBuffer asked = part(request, SEQUENCE);
            part(asked, INTEGER);
            name(asked);
            key(asked);
            if (asked.hasRemaining()) {
                part(asked, ATTRIBUTES);
            }
            part(part(request, SEQUENCE), OBJECT_ID);
            part(request, BIT_STRING);
            return Optional.empty();
        } catch (BufferUnderflowException e) {
            return Optional.of("asn1: syntax error: data truncated");
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return Optional.of("asn1: structure error: " + e.getMessage());
        }
    }

    private static void name(ByteBuffer asked) {
        byte[] name = element(asked, SEQUENCE);
        try {
            new X500Principal(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the subject is no name", e);
        }
    }

    private static void key(ByteBuffer asked) throws GeneralSecurityException {
        byte[] key = element(asked, SEQUENCE);
        ByteBuffer parts = part(ByteBuffer.wrap(key), SEQUENCE);
        ByteBuffer kind = part(parts, SEQUENCE);
        String algorithm = KEYS.get(HexFormat.of().formatHex(element(kind, OBJECT_ID)));
        part(parts, BIT_STRING);
        if (algorithm != null) {
            try {
                KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(key));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this JDK does not know " + algorithm, e);
            }
        }
    }

    /** The next element with its tag and length. */
    private static byte[] element(ByteBuffer in, int tag) {
        int from = in.position();
        part(in, tag);
        byte[] bytes = new byte[in.position() - from];
        in.get(from, bytes);
        return bytes;
    }

    /** What the next element holds. */
    private static ByteBuffer part(ByteBuffer in, int tag) {
        int found = in.get() & 0xff;
        if (found != tag) {
            throw new IllegalArgumentException("tags don't match (%d vs %d)".formatted(tag & 0x1f, found & 0x1f));
        }
        int length = length(in);
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer part = in.slice(in.position(), length);
        in.position(in.position() + length);
        return part;
    }

    private static int length(ByteBuffer in) {
        int first = in.get() & 0xff;
        if (first < 0x80) {
            return first;
        }
        int bytes = first & 0x7f;
        if (bytes == 0 || bytes > 3) {
            throw new IllegalArgumentException("length too large");
        }
        int length = 0;
        for (int i = 0; i < bytes; i++) {
            length = length << 8 | (in.get() & 0xff);
        }
        return length;
    }
}
