package io.vertikube.apiserver.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.vertikube.apiserver.schema.BinaryReader;
import io.vertikube.apiserver.schema.BinaryWriter;
import io.vertikube.apiserver.schema.BuiltInSchemas;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvk;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes objects in the form {@code application/vnd.kubernetes.protobuf}: four bytes {@code k8s\0}, then an
 * envelope that names the kind and holds the object ("Alternate representations of resources" in the API concepts). The
 * descriptors are read when the first such body comes. Safe for any thread.
 */
public final class ProtobufCodec implements BinaryReader, BinaryWriter {

    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final int TYPE_META = 1;
    private static final int RAW = 2;
    private static final int LIST_METADATA = 1;
    private static final int LIST_ITEMS = 2;
    private static final String SCHEMA_OF_SCHEMAS =
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps";

    private final BuiltInSchemas schemas;
    private final FieldPlans plans = new FieldPlans();
    private final MessageReader reader;
    private final MessageWriter writer;
    private volatile @Nullable MessageTypes types;

    public ProtobufCodec(BuiltInSchemas schemas) {
        this.schemas = schemas;
        Schema schemaOfSchemas = schemas.definition(SCHEMA_OF_SCHEMAS).orElseThrow();
        this.reader = new MessageReader(plans, schemaOfSchemas);
        this.writer = new MessageWriter(plans, schemaOfSchemas);
    }

    /** Whether the kind has a protobuf form: every built-in one, and no custom resource. Costs no descriptor. */
    @Override
    public boolean knows(Gvk type) {
        return schemas.of(type).isPresent();
    }

    /** Reads the descriptors, if nobody has needed them yet: some tens of milliseconds, so not on an event loop. */
    public void prepare() {
        types();
    }

    @Override
    public ObjectNode read(byte[] body, Gvk expected) {
        if (body.length < MAGIC.length || !Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw unreadable(expected, "the body does not begin with the four bytes k8s\\0");
        }
        try {
            Message envelope = DynamicMessage.parseFrom(
                    types().require(MessageTypes.ENVELOPE),
                    ByteString.copyFrom(body, MAGIC.length, body.length - MAGIC.length));
            Gvk type = named(envelope, expected);
            ByteString raw = (ByteString) field(envelope, 2);
            Descriptor message = message(type)
                    .orElseThrow(() -> ApiErrors.unsupportedMediaType(
                            type + " has no protobuf form: send it as application/json"));
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            object.put("apiVersion", type.apiVersion());
            object.put("kind", type.kind());
            schemas.of(type).ifPresent(schema -> reader.read(parse(message, raw, expected), schema, object));
            return object;
        } catch (InvalidProtocolBufferException e) {
            throw unreadable(expected, e.getMessage());
        }
    }

    /** The object, which must be of a kind that {@linkplain #knows has} a protobuf form, with its envelope. */
    @Override
    public byte[] write(JsonNode object) {
        Gvk type =
                Gvk.of(object.path("apiVersion").asText(), object.path("kind").asText());
        var out = new BackwardBuffer(2048);
        writer.write(object, schema(type), writable(type), out);
        envelope(type, out);
        return out.toBytes();
    }

    /** An item of a list as it stands in the list: a field of the list's message, to be put one after the other. */
    public byte[] listItem(JsonNode object, Gvk type) {
        var out = new BackwardBuffer(2048);
        writer.write(object, schema(type), writable(type), out);
        out.close(LIST_ITEMS, 0);
        return out.toBytes();
    }

    /**
     * What stands before the items of a list.
     *
     * @param list its kind
     * @param metadata its {@code metadata}
     * @param itemBytes how many bytes of {@linkplain #listItem items} follow
     */
    public byte[] listHead(Gvk list, JsonNode metadata, long itemBytes) {
        var out = new BackwardBuffer(256);
        FieldDescriptor field = writable(list).findFieldByNumber(LIST_METADATA);
        Schema schema = schema(list).child(field.getName()).orElseThrow();
        writer.write(metadata, schema, field.getMessageType(), out);
        out.close(LIST_METADATA, 0);
        out.varint(out.length() + itemBytes);
        out.tag(RAW, BackwardBuffer.BYTES);
        typeMeta(list, out);
        return out.toBytes();
    }

    /**
     * A frame of a watch ({@code application/vnd.kubernetes.protobuf;stream=watch}): four bytes of length, then a
     * WatchEvent without an envelope.
     *
     * @param kind of the event, such as {@code ADDED}
     * @param object with its envelope
     */
    public static byte[] watchFrame(String kind, byte[] object) {
        var out = new BackwardBuffer(object.length + 32);
        out.bytes(object);
        out.close(1, 0);
        out.close(2, 0);
        out.text(1, kind);
        int length = out.length();
        out.fixed(Integer.reverseBytes(length), 4);
        return out.toBytes();
    }

    private static void envelope(Gvk type, BackwardBuffer out) {
        out.close(RAW, 0);
        typeMeta(type, out);
    }

    private static void typeMeta(Gvk type, BackwardBuffer out) {
        int before = out.length();
        out.text(2, type.kind());
        out.text(1, type.apiVersion());
        out.close(TYPE_META, before);
        out.bytes(MAGIC);
    }

    private Schema schema(Gvk type) {
        return schemas.of(type).orElseThrow(() -> noForm(type));
    }

    private Descriptor writable(Gvk type) {
        return message(type).orElseThrow(() -> noForm(type));
    }

    private static ApiException noForm(Gvk type) {
        return ApiErrors.notAcceptable(type + " has no protobuf form: ask for application/json");
    }

    private static Message parse(Descriptor message, ByteString raw, Gvk expected) {
        try {
            return DynamicMessage.parseFrom(message, raw);
        } catch (InvalidProtocolBufferException e) {
            throw unreadable(expected, e.getMessage());
        }
    }

    private static Gvk named(Message envelope, Gvk expected) {
        Message typeMeta = (Message) field(envelope, 1);
        String apiVersion = (String) field(typeMeta, 1);
        String kind = (String) field(typeMeta, 2);
        return Gvk.of(
                apiVersion.isEmpty() ? expected.apiVersion() : apiVersion, kind.isEmpty() ? expected.kind() : kind);
    }

    private static Object field(Message message, int number) {
        return message.getField(message.getDescriptorForType().findFieldByNumber(number));
    }

    private Optional<Descriptor> message(Gvk type) {
        return schemas.of(type).map(Schema::definition).flatMap(name -> types().ofDefinition(name));
    }

    private MessageTypes types() {
        MessageTypes known = types;
        if (known == null) {
            // Reading them twice at the same time costs a little and harms nothing.
            known = MessageTypes.load();
            types = known;
        }
        return known;
    }

    private static RuntimeException unreadable(Gvk expected, @Nullable String why) {
        return ApiErrors.badRequest(
                "the object provided is unrecognized (must be of type " + expected.kind() + "): " + why);
    }
}
