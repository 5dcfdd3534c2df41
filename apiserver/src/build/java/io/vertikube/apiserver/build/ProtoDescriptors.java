package io.vertikube.apiserver.build;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
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

    /** All files, each after those it needs. */
    byte[] bytes() {
        var set = FileDescriptorSet.newBuilder();
        for (FileDescriptor file : files.values()) {
            set.addFile(file.toProto().toBuilder().clearSourceCodeInfo().clearOptions());
        }
        return set.build().toByteArray();
    }
}
