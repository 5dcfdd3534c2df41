package io.vertikube.apiserver.build;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The protobuf descriptors of the stable groups, taken from the classes made of them. Confined to the build. */
final class ProtoDescriptors {

    private static final List<String> FILES = List.of(
            "V1",
            "V1Admission",
            "V1Admissionregistration",
            "V1Apiextensions",
            "V1Apps",
            "V1Authentication",
            "V1Authorization",
            "V1Autoscaling",
            "V2Autoscaling",
            "V1Batch",
            "V1Certificates",
            "V1Coordination",
            "V1Discovery",
            "V1Events",
            "V1Flowcontrol",
            "V1Networking",
            "V1Node",
            "V1Policy",
            "V1Rbac",
            "V1Resource",
            "V1Scheduling",
            "V1Storage",
            "V2Apidiscovery",
            "Meta",
            "Runtime");

    private final Map<String, FileDescriptor> files = new LinkedHashMap<>();

    static ProtoDescriptors read() throws ReflectiveOperationException {
        var descriptors = new ProtoDescriptors();
        for (String file : FILES) {
            Class<?> holder = Class.forName("io.kubernetes.client.proto." + file);
            descriptors.add((FileDescriptor) holder.getMethod("getDescriptor").invoke(null));
        }
        return descriptors;
    }

    private void add(FileDescriptor file) {
        file.getDependencies().forEach(this::add);
        files.put(file.getName(), file);
    }

    /** Full names of all messages. */
    List<String> messages() {
        var names = new ArrayList<String>();
        for (FileDescriptor file : files.values()) {
            for (Descriptor message : file.getMessageTypes()) {
                names.add(message.getFullName());
            }
        }
        return names;
    }

    /**
     * All files, each after those it needs, and what no class was made of.
     *
     * @param more folder of files written by hand, which need nothing but the meta types
     */
    byte[] bytes(Path more) throws IOException {
        var set = FileDescriptorSet.newBuilder();
        for (FileDescriptor file : files.values()) {
            set.addFile(file.toProto().toBuilder().clearSourceCodeInfo().clearOptions());
        }
        try (var written = Files.list(more)) {
            for (Path text : written.sorted().toList()) {
                var file = FileDescriptorProto.newBuilder();
                TextFormat.merge(Files.readString(text), file);
                set.addFile(file.addDependency(metaFile()));
            }
        }
        return set.build().toByteArray();
    }

    private String metaFile() {
        return files.values().stream()
                .filter(file -> file.findMessageTypeByName("ObjectMeta") != null)
                .findFirst()
                .orElseThrow()
                .getName();
    }
}
