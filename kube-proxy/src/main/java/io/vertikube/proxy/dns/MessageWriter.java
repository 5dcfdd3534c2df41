package io.vertikube.proxy.dns;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes DNS messages. Confined. */
final class MessageWriter {

    static final int TTL_SECONDS = 5;

    private static final int QUESTION_NAME = 0xc00c;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    private final DataOutputStream out = new DataOutputStream(bytes);
    private final DnsQuery query;

    private MessageWriter(DnsQuery query) {
        this.query = query;
    }

    /** The answer as bytes; one that is longer than the limit says so and carries no records (ask again by TCP). */
    static byte[] answer(DnsQuery query, DnsAnswer answer, int limit) {
        byte[] whole = new MessageWriter(query).write(answer, false);
        if (whole.length <= limit) {
            return whole;
        }
        var bare =
                new DnsAnswer(answer.code(), answer.authoritative(), answer.answers(), answer.authority(), List.of());
        byte[] withoutMore = new MessageWriter(query).write(bare, false);
        if (withoutMore.length <= limit) {
            return withoutMore;
        }
        return new MessageWriter(query)
                .write(new DnsAnswer(answer.code(), answer.authoritative(), List.of(), List.of(), List.of()), true);
    }

    /** A query with an id of our own for a name and type, with EDNS. */
    static byte[] question(int id, String name, int type) {
        var writer = new MessageWriter(new DnsQuery(id, 0x0100, name, type, 1, new byte[0], 1232));
        try {
            writer.out.writeShort(id);
            writer.out.writeShort(0x0100);
            writer.out.writeLong(0x0001_0000_0000_0001L);
            writer.name(name);
            writer.out.writeShort(type);
            writer.out.writeShort(1);
            writer.edns();
            return writer.bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] write(DnsAnswer answer, boolean truncated) {
        try {
            out.writeShort(query.id());
            int flags = 0x8080 | (query.flags() & 0x7900) | answer.code();
            out.writeShort(flags | (answer.authoritative() ? 0x0400 : 0) | (truncated ? 0x0200 : 0));
            out.writeShort(1);
            out.writeShort(answer.answers().size());
            out.writeShort(answer.authority().size());
            out.writeShort(answer.more().size() + (query.edns() ? 1 : 0));
            out.write(query.question());
            records(answer.answers());
            records(answer.authority());
            records(answer.more());
            if (query.edns()) {
                edns();
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void edns() throws IOException {
        out.writeByte(0);
        out.writeShort(RecordType.OPT);
        out.writeShort(1232);
        out.writeInt(0);
        out.writeShort(0);
    }

    private void records(List<DnsRecord> records) throws IOException {
        for (DnsRecord record : records) {
            if (record.owner().equals(query.name())) {
                out.writeShort(QUESTION_NAME);
            } else {
                name(record.owner());
            }
            out.writeShort(record.type());
            out.writeShort(1);
            out.writeInt(TTL_SECONDS);
            byte[] content = content(record);
            out.writeShort(content.length);
            out.write(content);
        }
    }

    private byte[] content(DnsRecord record) throws IOException {
        var inner = new MessageWriter(query);
        switch (record) {
            case DnsRecord.Address(String owner, byte[] address) -> inner.out.write(address);
            case DnsRecord.Name(String owner, int type, String target) -> inner.name(target);
            case DnsRecord.Srv(String owner, int priority, int weight, int port, String target) -> {
                inner.out.writeShort(priority);
                inner.out.writeShort(weight);
                inner.out.writeShort(port);
                inner.name(target);
            }
            case DnsRecord.Text(String owner, String text) -> {
                byte[] ascii = text.getBytes(StandardCharsets.ISO_8859_1);
                inner.out.writeByte(ascii.length);
                inner.out.write(ascii);
            }
            case DnsRecord.Soa(String owner, String server, String mailbox, long serial, long negativeTtl) -> {
                inner.name(server);
                inner.name(mailbox);
                inner.out.writeInt((int) serial);
                inner.out.writeInt(7200);
                inner.out.writeInt(1800);
                inner.out.writeInt(86_400);
                inner.out.writeInt((int) negativeTtl);
            }
        }
        return inner.bytes.toByteArray();
    }

    private void name(String name) throws IOException {
        if (!name.isEmpty()) {
            for (String label : name.split("\\.", -1)) {
                byte[] ascii = label.getBytes(StandardCharsets.ISO_8859_1);
                if (ascii.length == 0 || ascii.length > 63) {
                    throw new IOException("'" + name + "' is no DNS name");
                }
                out.writeByte(ascii.length);
                out.write(ascii);
            }
        }
        out.writeByte(0);
    }
}
