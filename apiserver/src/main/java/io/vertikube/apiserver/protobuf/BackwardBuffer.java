package io.vertikube.apiserver.protobuf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes that grow to the front. A message is written from its end, so that the length that stands before each part is
 * known when it is due and nothing is measured first or copied afterwards. Confined to one thread.
 */
final class BackwardBuffer {

    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    private byte[] bytes;
    private int start;

    BackwardBuffer(int capacity) {
        bytes = new byte[capacity];
        start = capacity;
    }

    int length() {
        return bytes.length - start;
    }

    /** What stands between here and where the buffer was this long becomes the content of a field. */
    void close(int number, int lengthBefore) {
        varint(length() - lengthBefore);
        tag(number, BYTES);
    }

    void tag(int number, int wireType) {
        varint(((long) number << 3) | wireType);
    }

    void varint(long value) {
        int size = Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
        int at = reserve(size);
        long rest = value;
        for (int i = 1; i < size; i++) {
            bytes[at++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[at] = (byte) rest;
    }

    void fixed(long value, int size) {
        int at = reserve(size);
        for (int i = 0; i < size; i++) {
            bytes[at + i] = (byte) (value >>> (8 * i));
        }
    }

    void bytes(byte[] more) {
        int at = reserve(more.length);
        System.arraycopy(more, 0, bytes, at, more.length);
    }

    /** A field of text. */
    void text(int number, String value) {
        int before = length();
        bytes(value.getBytes(StandardCharsets.UTF_8));
        close(number, before);
    }

    byte[] toBytes() {
        return Arrays.copyOfRange(bytes, start, bytes.length);
    }

    private int reserve(int size) {
        if (start < size) {
            int length = length();
            byte[] larger = new byte[Math.max(bytes.length * 2, length + size + 256)];
            System.arraycopy(bytes, start, larger, larger.length - length, length);
            start = larger.length - length;
            bytes = larger;
        }
        start -= size;
        return start;
    }
}
