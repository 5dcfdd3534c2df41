package io.vertikube.apiserver.format;

import java.math.BigInteger;

/** An IPv4 or IPv6 address as a number; it prints in its canonical form (RFC 5952). Immutable. */
public record IpAddress(BigInteger number, int bits) {

    static IpAddress of(byte[] bytes) {
        return new IpAddress(new BigInteger(1, bytes), bytes.length * 8);
    }

    public int family() {
        return bits == 32 ? 4 : 6;
    }

    /** The first bits of the address, the others zero. */
    public IpAddress masked(int prefix) {
        int dropped = bits - prefix;
        return new IpAddress(number.shiftRight(dropped).shiftLeft(dropped), bits);
    }

    public boolean isUnspecified() {
        return number.signum() == 0;
    }

    public boolean isLoopback() {
        return bits == 32 ? begins(127, 8) : number.equals(BigInteger.ONE);
    }

    public boolean isLinkLocalMulticast() {
        return bits == 32 ? begins(0xE00000, 24) : begins(0xff02, 16);
    }

    public boolean isLinkLocalUnicast() {
        return bits == 32 ? begins(0xA9FE, 16) : begins(0xfe80 >> 6, 10);
    }

    public boolean isGlobalUnicast() {
        boolean multicast = bits == 32 ? begins(0xE, 4) : begins(0xff, 8);
        boolean broadcast = bits == 32 && number.bitCount() == 32;
        return !multicast && !broadcast && !isUnspecified() && !isLoopback() && !isLinkLocalUnicast();
    }

    private boolean begins(int value, int length) {
        return number.shiftRight(bits - length).equals(BigInteger.valueOf(value));
    }

    @Override
    public String toString() {
        int group = bits == 32 ? 8 : 16;
        int[] groups = new int[bits / group];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = number.shiftRight(bits - (i + 1) * group).intValue() & ((1 << group) - 1);
        }
        if (bits == 32) {
            return groups[0] + "." + groups[1] + "." + groups[2] + "." + groups[3];
        }
        return six(groups);
    }

    private static String six(int[] groups) {
        int start = -1;
        int longest = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && groups[i + run] == 0) {
                run++;
            }
            if (run > longest) {
                longest = run;
                start = i;
            }
        }
        var text = new StringBuilder();
        int i = 0;
        while (i < 8) {
            if (i == start) {
                text.append("::");
                i += longest;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
                i++;
            }
        }
        return text.toString();
    }
}
