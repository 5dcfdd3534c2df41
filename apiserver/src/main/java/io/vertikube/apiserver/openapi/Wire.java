package io.vertikube.apiserver.openapi;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/** Writes a protobuf message field by field. Confined to one message. */
final class Wire {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    private interface Write {
        void run() throws IOException;
    }

    void text(int number, String value) {
        write(() -> out.writeString(number, value));
    }

    void decimal(int number, double value) {
        write(() -> out.writeDouble(number, value));
    }

    void truth(int number, boolean value) {
        write(() -> out.writeBool(number, value));
    }

    void message(int number, Consumer<Wire> fields) {
        var inner = new Wire();
        fields.accept(inner);
        write(() -> out.writeByteArray(number, inner.bytes()));
    }

    byte[] bytes() {
        write(out::flush);
        return bytes.toByteArray();
    }

    private static void write(Write action) {
        try {
            action.run();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
    }
}
