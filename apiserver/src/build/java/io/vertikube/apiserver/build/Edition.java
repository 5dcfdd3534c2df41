package io.vertikube.apiserver.build;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Schemas as lines of JSON, and the index that finds them. Confined to the build. */
final class Edition {

    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final StringBuilder index = new StringBuilder();

    void add(String name, JsonNode schema) {
        byte[] line = schema.toString().getBytes(StandardCharsets.UTF_8);
        index.append(name)
                .append('\t')
                .append(lines.size())
                .append('\t')
                .append(line.length)
                .append('\n');
        lines.writeBytes(line);
        lines.write('\n');
    }

    void write(Path folder, String name) throws IOException {
        Files.write(folder.resolve(name + ".jsonl"), lines.toByteArray());
        Files.writeString(folder.resolve(name + ".index"), index);
    }

    String hash() throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(lines.toByteArray()));
    }
}
