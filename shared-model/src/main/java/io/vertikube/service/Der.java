package io.vertikube.service;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The part of ASN.1's distinguished encoding (X.690) that keys and certificates need, written and read. A value is its
 * whole encoding: tag, length, content.
 */
final class Der {

    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int OBJECT_ID = 0x06;
    static final int SEQUENCE = 0x30;

    private static final int BOOLEAN = 0x01;
    private static final int NULL = 0x05;
    private static final int UTF8_STRING = 0x0c;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int SET = 0x31;
    private static final int CONTEXT = 0x80;
    private static final int CONSTRUCTED = 0x20;
    private static final Instant LAST_SHORT_YEAR = Instant.parse("2050-01-01T00:00:00Z");
    private static final DateTimeFormatter SHORT =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter LONG =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    /** One value that was read: its tag and what it holds. */
    @SuppressWarnings("ArrayRecordComponent")
    record Value(int tag, byte[] content) {}

    private Der() {}

    static byte[] sequence(byte[]... values) {
        return value(SEQUENCE, values);
    }

    static byte[] sequence(List<byte[]> values) {
        return sequence(values.toArray(new byte[0][]));
    }

    static byte[] setOf(byte[] only) {
        return value(SET, only);
    }

    static byte[] integer(BigInteger number) {
        return value(INTEGER, number.toByteArray());
    }

    static byte[] integer(long number) {
        return integer(BigInteger.valueOf(number));
    }

    static byte[] yes() {
        return value(BOOLEAN, new byte[] {(byte) 0xff});
    }

    static byte[] nothing() {
        return value(NULL);
    }

    static byte[] utf8(String text) {
        return value(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] octets(byte[] content) {
        return value(OCTET_STRING, content);
    }

    /** Whole octets. */
    static byte[] bits(byte[] content) {
        return value(BIT_STRING, new byte[] {0}, content);
    }

    /** Named bits, the first one highest; trailing zeros are left out, as the encoding demands. */
    static byte[] flags(int first8) {
        return value(BIT_STRING, new byte[] {(byte) Integer.numberOfTrailingZeros(first8), (byte) first8});
    }

    /** As certificates write it: two digits for years before 2050, four from then on (RFC 5280, 4.1.2.5). */
    static byte[] time(Instant time) {
        boolean isShort = time.isBefore(LAST_SHORT_YEAR);
        String text = (isShort ? SHORT : LONG).format(time);
        return value(isShort ? UTC_TIME : GENERALIZED_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A field [n] that holds other values. */
    static byte[] field(int number, byte[]... values) {
        return value(CONTEXT | CONSTRUCTED | number, values);
    }

    /** A field [n] that stands in a simple value's place. */
    static byte[] simpleField(int number, byte[] content) {
        return value(CONTEXT | number, content);
    }

    /** An object identifier from its dotted form. */
    static byte[] oid(String dotted) {
        String[] parts = dotted.split("\\.");
        var out = new ByteArrayOutputStream();
        base128(out, Long.parseLong(parts[0]) * 40 + Long.parseLong(parts[1]));
        for (int i = 2; i < parts.length; i++) {
            base128(out, Long.parseLong(parts[i]));
        }
        return value(OBJECT_ID, out.toByteArray());
    }

    private static void base128(ByteArrayOutputStream out, long number) {
        int groups = Math.max(1, (64 - Long.numberOfLeadingZeros(number) + 6) / 7);
        for (int i = groups - 1; i >= 0; i--) {
            out.write(((int) (number >>> (7 * i)) & 0x7f) | (i > 0 ? 0x80 : 0));
        }
    }

    /** A value of any tag around the parts. */
    static byte[] value(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(p -> p.length).sum();
        var out = new ByteArrayOutputStream(length + 6);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            int octets = (32 - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | octets);
            for (int i = octets - 1; i >= 0; i--) {
                out.write(length >>> (8 * i));
            }
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /**
     * The values one after the other.
     *
     * @throws InvalidKeyException if this is no such encoding
     */
    static List<Value> read(byte[] encoded) throws InvalidKeyException {
        var values = new ArrayList<Value>();
        int at = 0;
        while (at < encoded.length) {
            int tag = encoded[at++] & 0xff;
            int length = at < encoded.length ? encoded[at++] & 0xff : -1;
            if (length > 0x84) {
                throw new InvalidKeyException("a value of the key is too long");
            }
            if (length >= 0x80) {
                int octets = length & 0x7f;
                length = 0;
                for (int i = 0; i < octets && at < encoded.length; i++) {
                    length = (length << 8) | (encoded[at++] & 0xff);
                }
            }
            if (length < 0 || length > encoded.length - at) {
                throw new InvalidKeyException("the key ends in the middle of a value");
            }
            values.add(new Value(tag, Arrays.copyOfRange(encoded, at, at + length)));
            at += length;
        }
        return values;
    }
}
