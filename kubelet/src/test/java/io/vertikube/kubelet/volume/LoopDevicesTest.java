package io.vertikube.kubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertikube.kubelet.kernel.MachineCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as devices; {@code losetup} is pretended, as machines without loop devices run this too. */
class LoopDevicesTest {

    @TempDir
    Path root;

    private final Map<String, String> loops = new HashMap<>();
    private final List<String> commands = new ArrayList<>();
    private Path pods;
    private Path file;
    private LoopDevices devices;

    @BeforeEach
    void begin() throws IOException {
        pods = Files.createDirectories(root.toRealPath().resolve("pods"));
        file = Files.createFile(root.toRealPath().resolve("disk.img"));
        devices = new LoopDevices(pods, this::losetup);
    }

    @Test
    void aFileHasOneLoopDeviceUntilItsLastPodGoes() throws IOException {
        assertThat(devices.device(pods.resolve("a"), "pv", file)).isEqualTo(Path.of("/dev/loop0"));
        assertThat(devices.device(pods.resolve("a"), "pv", file)).isEqualTo(Path.of("/dev/loop0"));
        assertThat(devices.device(pods.resolve("b"), "pv", file)).isEqualTo(Path.of("/dev/loop0"));
        devices.release(pods.resolve("a"));
        assertThat(loops).hasSize(1);
        new LoopDevices(pods, this::losetup).release(pods.resolve("b"));
        assertThat(loops).isEmpty();
        assertThat(commands).containsExactly("--find", "--detach");
        assertThat(file).exists();
    }

    @Test
    void aDeviceIsGivenAsItIs() throws IOException {
        Path device = Path.of("/dev/loop0");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(device), "this machine has no /dev/loop0");
        assertThat(devices.device(pods.resolve("a"), "pv", device)).isEqualTo(device);
        assertThat(commands).isEmpty();
    }

    @Test
    void whatIsNoDeviceIsNamed() {
        assertThatThrownBy(() -> devices.device(pods.resolve("a"), "pv", root))
                .hasMessage("path \"" + root + "\" is neither a block device nor a file");
        assertThatThrownBy(() -> devices.device(pods.resolve("a"), "pv", root.resolve("absent")))
                .hasMessage("path \"" + root.resolve("absent") + "\" does not exist");
    }

    private MachineCommands.Result losetup(List<String> command) {
        String last = command.getLast();
        return switch (command.get(1)) {
            case "--associated" ->
                new MachineCommands.Result(
                        0, loops.containsKey(last) ? loops.get(last) + ": [0042]:7 (" + last + ")" : "");
            case "--find" -> {
                commands.add("--find");
                loops.put(last, "/dev/loop" + loops.size());
                yield new MachineCommands.Result(0, loops.getOrDefault(last, ""));
            }
            case "--detach" -> {
                commands.add("--detach");
                loops.values().removeIf(last::equals);
                yield new MachineCommands.Result(0, "");
            }
            default -> new MachineCommands.Result(1, "unknown option");
        };
    }
}
