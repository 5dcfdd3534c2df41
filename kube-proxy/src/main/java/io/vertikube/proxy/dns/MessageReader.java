package io.vertikube.proxy.dns;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads DNS messages off the wire; every length is checked and compression pointers may only lead back. Confined. */
final class MessageReader {

    private static final int HEADER = 12;
    private static final int LONGEST_NAME = 255;

    /** The bytes are no DNS message. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    private final ByteBuffer message;

    private MessageReader(byte[] bytes) {
        this.message = ByteBuffer.wrap(bytes);
    }

    /** Reads a query with one question; empty for what is no query (an answer gone astray). */
    static Optional<DnsQuery> query(byte[] bytes) throws MalformedException {
        if (bytes.length < HEADER) {
            return Optional.empty();
        }
        try {
            return new MessageReader(bytes).readQuery(bytes);
        } catch (BufferUnderflowException e) {
            throw new MalformedException("message ends early");
        }
    }

    /** The address and alias records of an answer. */
    static List<DnsRecord> addresses(byte[] bytes) throws MalformedException {
        try {
            return new MessageReader(bytes).readAddresses();
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new MalformedException("message ends early");
        }
    }

    private Optional<DnsQuery> readQuery(byte[] bytes) throws MalformedException {
        int id = Short.toUnsignedInt(message.getShort());
        int flags = Short.toUnsignedInt(message.getShort());
        if ((flags & 0x8000) != 0) {
            return Optional.empty();
        }
        int questions = Short.toUnsignedInt(message.getShort());
        int answers = Short.toUnsignedInt(message.getShort());
        int authority = Short.toUnsignedInt(message.getShort());
        int more = Short.toUnsignedInt(message.getShort());
        if (questions != 1) {
            throw new MalformedException("want one question");
        }
        String name = name();
        int type = Short.toUnsignedInt(message.getShort());
        int questionClass = Short.toUnsignedInt(message.getShort());
        byte[] question = java.util.Arrays.copyOfRange(bytes, HEADER, message.position());
        int udpSize = 0;
        for (int i = 0; i < answers + authority + more; i++) {
            name();
            int found = Short.toUnsignedInt(message.getShort());
            int size = Short.toUnsignedInt(message.getShort());
            message.getInt();
            skip(Short.toUnsignedInt(message.getShort()));
            if (found == RecordType.OPT) {
                udpSize = Math.max(512, size);
            }
        }
        return Optional.of(new DnsQuery(id, flags, name, type, questionClass, question, udpSize));
    }

    private List<DnsRecord> readAddresses() throws MalformedException {
        message.position(4);
        int questions = Short.toUnsignedInt(message.getShort());
        int answers = Short.toUnsignedInt(message.getShort());
        message.position(HEADER);
        for (int i = 0; i < questions; i++) {
            name();
            message.getInt();
        }
        var records = new ArrayList<DnsRecord>();
        for (int i = 0; i < answers; i++) {
            String owner = name();
            int type = Short.toUnsignedInt(message.getShort());
            message.getShort();
            message.getInt();
            int length = Short.toUnsignedInt(message.getShort());
            int end = message.position() + length;
            if ((type == RecordType.A && length == 4) || (type == RecordType.AAAA && length == 16)) {
                byte[] address = new byte[length];
                message.get(address);
                records.add(new DnsRecord.Address(owner, address));
            } else if (type == RecordType.CNAME) {
                records.add(new DnsRecord.Name(owner, RecordType.CNAME, name()));
            }
            message.position(end);
        }
        return records;
    }

    /** A name in lower case, without a dot at the end. */
    private String name() throws MalformedException {
        var text = new StringBuilder();
        int returnTo = -1;
        int before = message.position();
        while (true) {
            int length = Byte.toUnsignedInt(message.get());
            if (length == 0) {
                break;
            }
            if ((length & 0xc0) == 0xc0) {
                int target = (length & 0x3f) << 8 | Byte.toUnsignedInt(message.get());
                if (returnTo < 0) {
                    returnTo = message.position();
                }
                if (target >= before) {
                    throw new MalformedException("compression pointer leads forward");
                }
                before = target;
                message.position(target);
            } else if ((length & 0xc0) != 0) {
                throw new MalformedException("unknown label type");
            } else {
                byte[] label = new byte[length];
                message.get(label);
                if (!text.isEmpty()) {
                    text.append('.');
                }
                text.append(new String(label, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT));
                if (text.length() > LONGEST_NAME) {
                    throw new MalformedException("name is too long");
                }
            }
        }
        if (returnTo >= 0) {
            message.position(returnTo);
        }
        return text.toString();
    }

    private void skip(int bytes) {
        if (bytes > message.remaining()) {
            throw new BufferUnderflowException();
        }
        message.position(message.position() + bytes);
    }
}
