package io.vertikube.kubelet.pod;

import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.Mount;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a container left to say when it ended (API reference, terminationMessagePath and terminationMessagePolicy). Reads
 * only the file that the kubelet itself mounted, and never follows it elsewhere.
 */
final class TerminationMessages {

    private static final int FILE_LIMIT = 4096;
    private static final int LOG_LIMIT = 2048;
    private static final int LOG_LINES = 80;

    private TerminationMessages() {}

    /** The message, or empty. */
    static String of(ContainerStatus ended, Path logFile) {
        String path = ended.annotations().getOrDefault(Labels.TERMINATION_PATH, "");
        String policy = ended.annotations().getOrDefault(Labels.TERMINATION_POLICY, "File");
        String message = ended.mounts().stream()
                .filter(mount -> mount.containerPath().equals(path))
                .map(Mount::hostPath)
                .map(Path::of)
                .filter(file -> Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS))
                .map(TerminationMessages::read)
                .findFirst()
                .orElse("");
        boolean fallBack = message.isEmpty() && policy.equals("FallbackToLogsOnError") && ended.exitCode() != 0;
        return fallBack ? tail(logFile) : message;
    }

    private static String read(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(FILE_LIMIT), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "Error reading termination message: " + e.getMessage();
        }
    }

    private static String tail(Path log) {
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, file.length() - 4L * LOG_LIMIT);
            file.seek(from);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.readFully(bytes);
            List<String> lines =
                    new String(bytes, StandardCharsets.UTF_8).lines().toList();
            String text = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()).stream()
                    .map(TerminationMessages::content)
                    .collect(Collectors.joining("\n"));
            return text.length() > LOG_LIMIT ? text.substring(text.length() - LOG_LIMIT) : text;
        } catch (IOException e) {
            return "";
        }
    }

    /** The runtime writes time, stream and a tag before each line. */
    private static String content(String line) {
        String[] parts = line.split(" ", 4);
        return parts.length == 4 ? parts[3] : "";
    }
}
