package io.vertikube.proxy.dns;

import java.util.List;

/** What to answer; the question comes from the query. Immutable. */
record DnsAnswer(
        int code, boolean authoritative, List<DnsRecord> answers, List<DnsRecord> authority, List<DnsRecord> more) {

    static final int NO_ERROR = 0;
    static final int FORMAT_ERROR = 1;
    static final int SERVER_FAILURE = 2;
    static final int NO_SUCH_NAME = 3;
    static final int NOT_IMPLEMENTED = 4;
    static final int REFUSED = 5;

    DnsAnswer {
        answers = List.copyOf(answers);
        authority = List.copyOf(authority);
        more = List.copyOf(more);
    }

    static DnsAnswer of(List<? extends DnsRecord> answers) {
        return new DnsAnswer(NO_ERROR, true, List.copyOf(answers), List.of(), List.of());
    }

    /** The name exists, but has no record of the type asked for (RFC 2308). */
    static DnsAnswer noData(DnsRecord.Soa zone) {
        return new DnsAnswer(NO_ERROR, true, List.of(), List.of(zone), List.of());
    }

    static DnsAnswer noSuchName(DnsRecord.Soa zone) {
        return new DnsAnswer(NO_SUCH_NAME, true, List.of(), List.of(zone), List.of());
    }

    static DnsAnswer failure(int code) {
        return new DnsAnswer(code, false, List.of(), List.of(), List.of());
    }
}
