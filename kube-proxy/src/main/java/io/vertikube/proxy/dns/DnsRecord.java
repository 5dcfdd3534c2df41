package io.vertikube.proxy.dns;

import java.util.Objects;

/** One resource record. Names have no dot at their end. Immutable. */
sealed interface DnsRecord {

    /** The name it belongs to. */
    String owner();

    int type();

    /** IPv4, four bytes; IPv6, sixteen. */
    @SuppressWarnings("ArrayRecordComponent")
    record Address(String owner, byte[] bytes) implements DnsRecord {
        @Override
        public int type() {
            return bytes.length == 4 ? RecordType.A : RecordType.AAAA;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Address that
                    && owner.equals(that.owner)
                    && java.util.Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Objects.hash(owner, java.util.Arrays.hashCode(bytes));
        }
    }

    record Srv(String owner, int priority, int weight, int port, String target) implements DnsRecord {
        @Override
        public int type() {
            return RecordType.SRV;
        }
    }

    /** A record whose content is one name: CNAME, PTR or NS. */
    record Name(String owner, int type, String target) implements DnsRecord {}

    record Text(String owner, String text) implements DnsRecord {
        @Override
        public int type() {
            return RecordType.TXT;
        }
    }

    /** The zone's own record; its negative TTL says how long "there is none" may be remembered. */
    record Soa(String owner, String server, String mailbox, long serial, long negativeTtl) implements DnsRecord {
        @Override
        public int type() {
            return RecordType.SOA;
        }
    }
}
