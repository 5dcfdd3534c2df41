package io.vertikube.value;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** A range of IPv4 or IPv6 addresses such as {@code 10.96.0.0/16}; host bits are cleared. Immutable. */
public final class Cidr {

    private final BigInteger base;
    private final int prefix;
    private final int bits;

    private Cidr(BigInteger base, int prefix, int bits) {
        this.base = base;
        this.prefix = prefix;
        this.bits = bits;
    }

    /** Reads {@code address/prefix}; anything else is an {@link IllegalArgumentException}. */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("invalid CIDR address: " + text + " (expected address/prefix)");
        }
        byte[] address = bytes(text.substring(0, slash));
        int bits = address.length * 8;
        int prefix;
        try {
            prefix = Integer.parseInt(text.substring(slash + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("invalid CIDR address: " + text + " (the prefix is no number)", e);
        }
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("invalid CIDR address: " + text + " (the prefix is 0 to " + bits + ")");
        }
        BigInteger mask = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE.shiftLeft(bits - prefix));
        return new Cidr(new BigInteger(1, address).and(mask), prefix, bits);
    }

    /** Whether the text is a literal IPv4 or IPv6 address. */
    public static boolean isAddress(String text) {
        try {
            bytes(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The canonical text of a literal address. */
    public static String canonicalAddress(String text) {
        return text(bytes(text));
    }

    public boolean contains(String address) {
        byte[] value = bytes(address);
        return value.length * 8 == bits
                && new BigInteger(1, value).shiftRight(bits - prefix).equals(base.shiftRight(bits - prefix));
    }

    /** Whether every address of the other range is one of this. */
    public boolean covers(Cidr other) {
        return bits == other.bits
                && prefix <= other.prefix
                && other.base.shiftRight(bits - prefix).equals(base.shiftRight(bits - prefix));
    }

    /** How many addresses; capped at {@link Long#MAX_VALUE}. */
    public long size() {
        return bits - prefix >= 63 ? Long.MAX_VALUE : 1L << (bits - prefix);
    }

    /** The address at an index, 0 being the network's own. */
    public String address(long index) {
        return text(toBytes(base.add(BigInteger.valueOf(index))));
    }

    /** The index of an address that this range contains. */
    public long indexOf(String address) {
        return new BigInteger(1, bytes(address)).subtract(base).longValueExact();
    }

    /** How many ranges of a longer prefix fit in. */
    public long subnets(int subnetPrefix) {
        return subnetPrefix - prefix >= 63 ? Long.MAX_VALUE : 1L << (subnetPrefix - prefix);
    }

    /** The n-th range of a longer prefix in this one. */
    public Cidr subnet(int subnetPrefix, long index) {
        BigInteger offset = BigInteger.valueOf(index).shiftLeft(bits - subnetPrefix);
        return new Cidr(base.add(offset), subnetPrefix, bits);
    }

    public int prefix() {
        return prefix;
    }

    public boolean isIpv6() {
        return bits == 128;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cidr that && base.equals(that.base) && prefix == that.prefix && bits == that.bits;
    }

    @Override
    public int hashCode() {
        return base.hashCode() * 31 + prefix;
    }

    @Override
    public String toString() {
        return text(toBytes(base)) + "/" + prefix;
    }

    private byte[] toBytes(BigInteger value) {
        byte[] raw = value.toByteArray();
        byte[] out = new byte[bits / 8];
        int length = Math.min(raw.length, out.length);
        System.arraycopy(raw, raw.length - length, out, out.length - length, length);
        return out;
    }

    private static byte[] bytes(String address) {
        // Only literals: InetAddress would ask DNS for anything else.
        boolean ipv4 = address.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
        boolean ipv6 = address.indexOf(':') >= 0
                && address.chars().allMatch(c -> c == ':' || c == '.' || Character.digit(c, 16) >= 0);
        if (ipv4) {
            String[] parts = address.split("\\.", -1);
            boolean fine = parts.length == 4
                    && Arrays.stream(parts)
                            .allMatch(p -> !p.isEmpty()
                                    && p.length() <= 3
                                    && (p.length() == 1 || p.charAt(0) != '0')
                                    && Integer.parseInt(p) <= 255);
            if (!fine) {
                throw new IllegalArgumentException("invalid IP address: " + address);
            }
        } else if (!ipv6) {
            throw new IllegalArgumentException("invalid IP address: " + address);
        }
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("invalid IP address: " + address, e);
        }
    }

    private static String text(byte[] address) {
        try {
            String text = InetAddress.getByAddress(address).getHostAddress();
            return address.length == 4 ? text : compress(text);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes, not " + address.length, e);
        }
    }

    /** RFC 5952: the longest run of zero groups becomes {@code ::}. */
    private static String compress(String full) {
        String[] groups = full.split(":");
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < groups.length; i++) {
            int end = i;
            while (end < groups.length && groups[end].equals("0")) {
                end++;
            }
            if (end - i > bestLength) {
                bestStart = i;
                bestLength = end - i;
            }
            i = Math.max(i, end - 1);
        }
        if (bestStart < 0) {
            return full;
        }
        String left = String.join(":", Arrays.copyOfRange(groups, 0, bestStart));
        String right = String.join(":", Arrays.copyOfRange(groups, bestStart + bestLength, groups.length));
        return left + "::" + right;
    }
}
