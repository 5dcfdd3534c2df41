package io.vertikube.apiserver.format;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** IP addresses and ranges as text; no name is ever looked up. Pure functions. */
public final class Addresses {

    /** A range: the address as it was written, and how many bits of it count. */
    public record Range(IpAddress address, int prefix) {

        @Override
        public String toString() {
            return address + "/" + prefix;
        }
    }

    private Addresses() {}

    /** An address. Leading zeros, zones and IPv4 addresses written as IPv6 are none. */
    public static Optional<IpAddress> parse(String text) {
        if (text.length() > 45) {
            return Optional.empty();
        }
        return Optional.ofNullable(text.indexOf(':') >= 0 ? six(text) : four(text))
                .map(IpAddress::of);
    }

    public static Optional<Range> parseCidr(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        String length = text.substring(slash + 1);
        boolean number = !length.isEmpty()
                && length.length() <= 3
                && length.chars().allMatch(c -> c >= '0' && c <= '9')
                && (length.length() == 1 || length.charAt(0) != '0');
        if (!number) {
            return Optional.empty();
        }
        int prefix = Integer.parseInt(length);
        return parse(text.substring(0, slash))
                .filter(address -> prefix <= address.bits())
                .map(address -> new Range(address, prefix));
    }

    private static byte @Nullable [] four(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        byte[] address = new byte[4];
        for (int i = 0; i < 4; i++) {
            String part = parts[i];
            boolean shaped = !part.isEmpty()
                    && part.length() <= 3
                    && part.chars().allMatch(c -> c >= '0' && c <= '9')
                    && (part.length() == 1 || part.charAt(0) != '0');
            if (!shaped || Integer.parseInt(part) > 255) {
                return null;
            }
            address[i] = (byte) Integer.parseInt(part);
        }
        return address;
    }

    private static byte @Nullable [] six(String text) {
        int gap = text.indexOf("::");
        String head = gap < 0 ? text : text.substring(0, gap);
        String tail = gap < 0 ? "" : text.substring(gap + 2);
        byte @Nullable [] first = groups(head);
        byte @Nullable [] last = groups(tail);
        if (first == null || last == null) {
            return null;
        }
        int length = first.length + last.length;
        if (gap < 0 ? length != 16 : length > 14) {
            return null;
        }
        byte[] address = new byte[16];
        System.arraycopy(first, 0, address, 0, first.length);
        System.arraycopy(last, 0, address, 16 - last.length, last.length);
        boolean mapped = address[10] == -1 && address[11] == -1;
        for (int i = 0; mapped && i < 10; i++) {
            mapped = address[i] == 0;
        }
        return mapped ? null : address;
    }

    private static byte @Nullable [] groups(String text) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] parts = text.split(":", -1);
        byte[] bytes = new byte[16];
        int length = 0;
        for (int i = 0; i < parts.length; i++) {
            byte @Nullable [] dotted = i == parts.length - 1 && parts[i].indexOf('.') >= 0 ? four(parts[i]) : null;
            byte @Nullable [] part = dotted != null ? dotted : group(parts[i]);
            if (part == null || length + part.length > 16) {
                return null;
            }
            System.arraycopy(part, 0, bytes, length, part.length);
            length += part.length;
        }
        return Arrays.copyOf(bytes, length);
    }

    private static byte @Nullable [] group(String text) {
        boolean hex = !text.isEmpty()
                && text.length() <= 4
                && text.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128);
        if (!hex) {
            return null;
        }
        int value = Integer.parseInt(text, 16);
        return new byte[] {(byte) (value >> 8), (byte) value};
    }
}
