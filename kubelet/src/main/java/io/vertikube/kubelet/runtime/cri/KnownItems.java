package io.vertikube.kubelet.runtime.cri;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the runtime has of one kind. A list of it is asked for every second and hardly ever says anything new, so that of an item
 * that was in the last list only id and state are read; nothing else of it ever changes. Safe for any thread.
 *
 * @param <Q> the request
 * @param <T> an item as our record
 */
final class KnownItems<Q, T> {

    private static final int ITEMS = 1;
    private static final int ID = 1;

    private final MethodDescriptor<Q, byte[]> method;
    private final int stateField;
    private final Parser<T> parser;

    /** Those of the last list, by id. */
    private volatile Map<String, Known<T>> known = Map.of();

    /** Makes an item of its message's bytes. */
    @FunctionalInterface
    interface Parser<T> {
        T parse(byte[] list, int from, int length) throws InvalidProtocolBufferException;
    }

    private record Known<T>(int state, T item) {}

    /**
     * Makes one that knows nothing yet.
     *
     * @param method whose answer has the items as its field 1, each of which has its id as its field 1
     * @param stateField number of an item's field that says how it is: an enumeration, and all that changes
     */
    KnownItems(MethodDescriptor<Q, ?> method, int stateField, Parser<T> parser) {
        this.method = method.toBuilder(method.getRequestMarshaller(), Bytes.AS_THEY_ARE)
                .build();
        this.stateField = stateField;
        this.parser = parser;
    }

    /** Asks for all of them; what is gone from the list is forgotten. */
    List<T> all(AbstractStub<?> stub, Q request) {
        return read(answer(stub.getChannel(), stub, request));
    }

    private byte[] answer(Channel channel, AbstractStub<?> stub, Q request) {
        return ClientCalls.blockingUnaryCall(channel, method, stub.getCallOptions(), request);
    }

    /** The items of an answer. */
    List<T> read(byte[] answer) {
        Map<String, Known<T>> before = known;
        Map<String, Known<T>> now = HashMap.newHashMap(before.size());
        try {
            CodedInputStream in = CodedInputStream.newInstance(answer);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (WireFormat.getTagFieldNumber(tag) == ITEMS) {
                    int length = in.readRawVarint32();
                    int from = in.getTotalBytesRead();
                    int outer = in.pushLimit(length);
                    note(before, now, in, answer, from, length);
                    in.popLimit(outer);
                } else {
                    in.skipField(tag);
                }
            }
        } catch (IOException e) {
            throw Status.INTERNAL
                    .withDescription("the runtime's list cannot be read: " + e.getMessage())
                    .withCause(e)
                    .asRuntimeException();
        }
        known = now;
        return items(now.values());
    }

    private void note(
            Map<String, Known<T>> before,
            Map<String, Known<T>> now,
            CodedInputStream in,
            byte[] list,
            int from,
            int length)
            throws IOException {
        String id = "";
        int state = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int field = WireFormat.getTagFieldNumber(tag);
            if (field == ID) {
                id = in.readString();
            } else if (field == stateField) {
                state = in.readEnum();
            } else {
                in.skipField(tag);
            }
        }
        @Nullable Known<T> same = before.get(id);
        now.put(id, same != null && same.state == state ? same : new Known<>(state, parser.parse(list, from, length)));
    }

    private static <T> List<T> items(Collection<Known<T>> all) {
        List<T> result = new ArrayList<>(all.size());
        for (Known<T> each : all) {
            result.add(each.item);
        }
        return result;
    }

    private enum Bytes implements Marshaller<byte[]> {
        AS_THEY_ARE;

        @Override
        public InputStream stream(byte[] value) {
            throw new UnsupportedOperationException("answers are only read");
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                // An answer that is there as a whole says how long it is.
                byte[] answer = new byte[stream.available()];
                int length = stream.readNBytes(answer, 0, answer.length);
                byte[] more = stream.readAllBytes();
                if (more.length == 0 && length == answer.length) {
                    return answer;
                }
                byte[] whole = Arrays.copyOf(answer, length + more.length);
                System.arraycopy(more, 0, whole, length, more.length);
                return whole;
            } catch (IOException e) {
                throw Status.INTERNAL.withCause(e).asRuntimeException();
            }
        }
    }
}
