package io.vertikube.kubelet.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Makes an OCI archive from the machine's static busybox, so that tests need no registry. */
public final class BusyboxImage {

    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final List<String> APPLETS = List.of(
            "sh",
            "sleep",
            "echo",
            "cat",
            "ls",
            "true",
            "false",
            "hostname",
            "env",
            "id",
            "grep",
            "mkdir",
            "touch",
            "ln",
            "head",
            "tail",
            "wc",
            "dd",
            "nc",
            "wget",
            "httpd",
            "kill",
            "ps",
            "stat",
            "readlink",
            "mount",
            "date",
            "printf",
            "tar",
            "tty",
            "seq",
            "yes",
            "test",
            "rm",
            "mv",
            "cp",
            "chmod",
            "sync",
            "od",
            "md5sum",
            "ip",
            "ping",
            "top");

    private BusyboxImage() {}

    /** Writes the archive of an image whose containers run {@code command} unless told otherwise. */
    public static Path write(Path folder, String name, List<String> command) throws IOException, InterruptedException {
        if (!Files.isExecutable(BUSYBOX)) {
            throw new IllegalStateException(
                    "/bin/busybox is missing: install Debian's busybox-static to run the tests on a real runtime");
        }
        Path root = Files.createDirectories(folder.resolve("rootfs"));
        for (String part : List.of("bin", "etc", "tmp", "dev", "proc", "sys", "root", "var")) {
            Files.createDirectories(root.resolve(part));
        }
        Files.copy(BUSYBOX, root.resolve("bin/busybox"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.setAttribute(root.resolve("bin/busybox"), "unix:mode", 0755);
        Files.setAttribute(root.resolve("tmp"), "unix:mode", 01777);
        for (String applet : APPLETS) {
            Path link = root.resolve("bin").resolve(applet);
            if (Files.notExists(link, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(link, Path.of("busybox"));
            }
        }
        Files.writeString(
                root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\nnogroup:x:65534:\n");
        Path layout = Files.createDirectories(folder.resolve("layout/blobs/sha256"));
        Path layer = folder.resolve("layer.tar");
        Shell.run(
                "tar",
                "--numeric-owner",
                "--owner=0",
                "--group=0",
                "-C",
                root.toString(),
                "-cf",
                layer.toString(),
                ".");
        String layerDigest = digest(Files.readAllBytes(layer));
        Files.copy(layer, layout.resolve(layerDigest), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        ObjectNode config = Json.object();
        config.put("architecture", System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64")
                .put("os", "linux");
        ObjectNode run = config.putObject("config");
        run.putArray("Env").add("PATH=/bin");
        command.forEach(run.putArray("Cmd")::add);
        ObjectNode rootfs = config.putObject("rootfs").put("type", "layers");
        rootfs.putArray("diff_ids").add("sha256:" + layerDigest);
        byte[] configBytes = Json.bytes(config);
        String configDigest = digest(configBytes);
        Files.write(layout.resolve(configDigest), configBytes);

        ObjectNode manifest = Json.object();
        manifest.put("schemaVersion", 2).put("mediaType", "application/vnd.oci.image.manifest.v1+json");
        manifest.putObject("config")
                .put("mediaType", "application/vnd.oci.image.config.v1+json")
                .put("digest", "sha256:" + configDigest)
                .put("size", configBytes.length);
        manifest.putArray("layers")
                .addObject()
                .put("mediaType", "application/vnd.oci.image.layer.v1.tar")
                .put("digest", "sha256:" + layerDigest)
                .put("size", Files.size(layer));
        byte[] manifestBytes = Json.bytes(manifest);
        String manifestDigest = digest(manifestBytes);
        Files.write(layout.resolve(manifestDigest), manifestBytes);

        ObjectNode index = Json.object();
        index.put("schemaVersion", 2);
        ObjectNode entry = index.putArray("manifests").addObject();
        entry.put("mediaType", "application/vnd.oci.image.manifest.v1+json")
                .put("digest", "sha256:" + manifestDigest)
                .put("size", manifestBytes.length);
        entry.putObject("annotations")
                .put("io.containerd.image.name", name)
                .put("org.opencontainers.image.ref.name", name);
        Path top = folder.resolve("layout");
        Files.write(top.resolve("index.json"), Json.bytes(index));
        Files.writeString(top.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        Path archive = folder.resolve("image.tar");
        Shell.run("tar", "-C", top.toString(), "-cf", archive.toString(), ".");
        return archive;
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
