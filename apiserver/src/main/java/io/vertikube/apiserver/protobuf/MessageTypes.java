package io.vertikube.apiserver.protobuf;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The message types of the API, from the descriptors that the build extracted. Immutable, safe for any thread. */
final class MessageTypes {

    static final String ENVELOPE = "k8s.io.apimachinery.pkg.runtime.Unknown";

    private static final String RESOURCE = "/schema/descriptors.pb";

    private final Map<String, Descriptor> byName;

    private MessageTypes(Map<String, Descriptor> byName) {
        this.byName = byName;
    }

    static MessageTypes load() {
        try (InputStream in = MessageTypes.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the class path has no " + RESOURCE + ": build the module with Maven, which writes it");
            }
            return of(FileDescriptorSet.parseFrom(in));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException("the descriptors in " + RESOURCE + " do not fit together", e);
        }
    }

    private static MessageTypes of(FileDescriptorSet set) throws DescriptorValidationException {
        var files = new LinkedHashMap<String, FileDescriptor>();
        var byName = new HashMap<String, Descriptor>();
        // Each file comes after those it needs.
        for (FileDescriptorProto file : set.getFileList()) {
            FileDescriptor[] needed =
                    file.getDependencyList().stream().map(files::get).toArray(FileDescriptor[]::new);
            FileDescriptor built = FileDescriptor.buildFrom(file, needed);
            files.put(file.getName(), built);
            built.getMessageTypes().forEach(message -> byName.put(message.getFullName(), message));
        }
        return new MessageTypes(byName);
    }

    /** A message by its full name, which must be one of the API's. */
    Descriptor require(String fullName) {
        Descriptor message = byName.get(fullName);
        if (message == null) {
            throw new IllegalArgumentException("no message " + fullName);
        }
        return message;
    }

    /** The message of an OpenAPI definition; a few types have no protobuf form. */
    Optional<Descriptor> ofDefinition(String definition) {
        String name = definition.replaceFirst("^io\\.k8s\\.", "k8s.io.").replace('-', '_');
        return Optional.ofNullable(byName.get(name));
    }
}
