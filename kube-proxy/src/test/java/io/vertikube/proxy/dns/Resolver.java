package io.vertikube.proxy.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseDecoder;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsSection;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A stub resolver with somebody else's decoder, so that we do not read our own mistakes back. */
final class Resolver {

    /** What came back, records as texts like {@code A 10.0.0.1}. */
    record Reply(
            int code,
            boolean authoritative,
            boolean truncated,
            String name,
            List<String> answers,
            List<String> authority,
            List<String> more) {}

    private final int port;

    Resolver(int port) {
        this.port = port;
    }

    Reply udp(String name, int type) throws IOException {
        return udp(name, type, 0);
    }

    /** @param size what EDNS announces, 0 for no EDNS */
    Reply udp(String name, int type, int size) throws IOException {
        return read(rawUdp(query(name, type, size)));
    }

    byte[] rawUdp(byte[] query) throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.setSoTimeout(5000);
            socket.send(new java.net.DatagramPacket(query, query.length, InetAddress.getLoopbackAddress(), port));
            var packet = new java.net.DatagramPacket(new byte[4096], 4096);
            socket.receive(packet);
            return java.util.Arrays.copyOf(packet.getData(), packet.getLength());
        }
    }

    /** Two queries over one connection, the answer to the last. */
    Reply tcp(String name, int type) throws IOException {
        byte[] query = query(name, type, 0);
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5000);
            ByteBuffer twice = ByteBuffer.allocate(2 * (query.length + 2));
            twice.putShort((short) query.length)
                    .put(query)
                    .putShort((short) query.length)
                    .put(query);
            socket.getOutputStream().write(twice.array());
            var in = new DataInputStream(socket.getInputStream());
            in.readNBytes(in.readUnsignedShort());
            return read(in.readNBytes(in.readUnsignedShort()));
        }
    }

    static byte[] query(String name, int type, int size) {
        ByteBuffer buffer = ByteBuffer.allocate(512);
        buffer.putShort((short) 4711)
                .putShort((short) 0x0100)
                .putShort((short) 1)
                .putInt(0);
        buffer.putShort((short) (size > 0 ? 1 : 0));
        for (String label : name.split("\\.", -1)) {
            buffer.put((byte) label.length()).put(label.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        buffer.put((byte) 0).putShort((short) type).putShort((short) 1);
        if (size > 0) {
            buffer.put((byte) 0)
                    .putShort((short) RecordType.OPT)
                    .putShort((short) size)
                    .putInt(0)
                    .putShort((short) 0);
        }
        return java.util.Arrays.copyOf(buffer.array(), buffer.position());
    }

    static Reply read(byte[] bytes) {
        var channel = new EmbeddedChannel(new DatagramDnsResponseDecoder());
        channel.writeInbound(new DatagramPacket(
                Unpooled.wrappedBuffer(bytes), new InetSocketAddress(1), new InetSocketAddress("127.0.0.1", 2)));
        DatagramDnsResponse response = channel.readInbound();
        try {
            if (response.id() != 4711) {
                throw new AssertionError("an answer to another question: id " + response.id());
            }
            return new Reply(
                    response.code().intValue(),
                    response.isAuthoritativeAnswer(),
                    response.isTruncated(),
                    response.recordAt(DnsSection.QUESTION).name(),
                    texts(response, DnsSection.ANSWER),
                    texts(response, DnsSection.AUTHORITY),
                    texts(response, DnsSection.ADDITIONAL));
        } finally {
            response.release();
            channel.finishAndReleaseAll();
        }
    }

    private static List<String> texts(DatagramDnsResponse response, DnsSection section) {
        var texts = new ArrayList<String>();
        for (int i = 0; i < response.count(section); i++) {
            texts.add(text(response.recordAt(section, i)));
        }
        return texts;
    }

    private static String text(DnsRecord record) {
        String type = record.type().name();
        ByteBuf content = record instanceof DnsRawRecord raw ? raw.content().duplicate() : Unpooled.EMPTY_BUFFER;
        return switch (type) {
            case "A", "AAAA" -> {
                byte[] address = new byte[content.readableBytes()];
                content.readBytes(address);
                try {
                    yield type + " " + InetAddress.getByAddress(address).getHostAddress();
                } catch (UnknownHostException e) {
                    throw new AssertionError(e);
                }
            }
            case "SRV" ->
                "SRV " + content.readUnsignedShort() + " " + content.readUnsignedShort() + " "
                        + content.readUnsignedShort() + " " + DefaultDnsRecordDecoder.decodeName(content);
            case "CNAME", "NS" -> type + " " + DefaultDnsRecordDecoder.decodeName(content);
            case "PTR" -> "PTR " + ((io.netty.handler.codec.dns.DnsPtrRecord) record).hostname();
            case "TXT" -> "TXT " + content.skipBytes(1).toString(java.nio.charset.StandardCharsets.US_ASCII);
            case "SOA" -> "SOA " + record.name() + " ttl " + record.timeToLive();
            default -> type;
        };
    }
}
