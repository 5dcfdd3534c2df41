package io.vertikube.apiserver.protobuf;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.vertikube.apiserver.schema.BinaryReader;
import io.vertikube.apiserver.schema.BuiltInSchemas;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.Gvk;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes objects in the form {@code application/vnd.kubernetes.protobuf}: four bytes {@code k8s\0}, then an
 * envelope that names the kind and holds the object ("Alternate representations of resources" in the API concepts). The
 * descriptors are read when the first such body comes. Safe for any thread.
 */
public final class ProtobufCodec implements BinaryReader {

    private static final byte[] MAGIC = {'k', '8', 's', 0};
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

    /** Whether the kind has a protobuf form; custom resources and a few built-in ones have none. */
    public boolean knows(Gvk type) {
        return message(type).isPresent();
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
    public byte[] write(ObjectNode object) {
        Gvk type =
                Gvk.of(object.path("apiVersion").asText(), object.path("kind").asText());
        Descriptor message = message(type)
                .orElseThrow(() -> ApiErrors.notAcceptable(type + " has no protobuf form: ask for application/json"));
        var content = DynamicMessage.newBuilder(message);
        schemas.of(type).ifPresent(schema -> writer.write(object, schema, content));
        var envelope = DynamicMessage.newBuilder(types().require(MessageTypes.ENVELOPE));
        Message.Builder typeMeta =
                envelope.newBuilderForField(envelope.getDescriptorForType().findFieldByNumber(1));
        Specials.set(typeMeta, 1, type.apiVersion());
        Specials.set(typeMeta, 2, type.kind());
        Specials.set(envelope, 1, typeMeta.build());
        Specials.set(envelope, 2, content.build().toByteString());
        ByteString bytes = envelope.build().toByteString();
        byte[] whole = Arrays.copyOf(MAGIC, MAGIC.length + bytes.size());
        bytes.copyTo(whole, MAGIC.length);
        return whole;
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
