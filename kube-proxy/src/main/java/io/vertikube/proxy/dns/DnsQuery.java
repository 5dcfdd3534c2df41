package io.vertikube.proxy.dns;

/**
 * One question. Immutable; the bytes are not copied.
 *
 * @param name lower case, no dot at the end
 * @param question the question as it came, to be sent back letter by letter
 * @param udpSize what the asker takes by UDP, by EDNS (RFC 6891); 0 without EDNS
 */
@SuppressWarnings("ArrayRecordComponent")
record DnsQuery(int id, int flags, String name, int type, int questionClass, byte[] question, int udpSize) {

    private static final int INTERNET = 1;

    /** Larger datagrams would be fragmented on usual links. */
    private static final int LARGEST_DATAGRAM = 1232;

    boolean edns() {
        return udpSize > 0;
    }

    boolean isStandard() {
        return (flags & 0x7800) == 0;
    }

    boolean isInternet() {
        return questionClass == INTERNET;
    }

    boolean recursionDesired() {
        return (flags & 0x0100) != 0;
    }

    /** The largest answer by UDP. */
    int datagramLimit() {
        return edns() ? Math.min(udpSize, LARGEST_DATAGRAM) : 512;
    }

    boolean wants(DnsRecord record) {
        return type == record.type() || type == RecordType.ANY;
    }
}
