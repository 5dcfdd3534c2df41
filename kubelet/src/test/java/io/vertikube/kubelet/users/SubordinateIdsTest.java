package io.vertikube.kubelet.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertikube.kubelet.runtime.IdRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubordinateIdsTest {

    @TempDir
    Path etc;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                        | ''                     |      65536 | 4294836224",
                "someone:100000:65536                      | someone:100000:65536   |      65536 | 4294836224",
                "someone:100000:65536;kubelet:65536:720896 | kubelet:65536:720896   |      65536 |     720896",
                "1001:196608:786432                        | kubelet:196608:786432  |     196608 |     786432",
                "# no user;kubelet:65536:720897            | kubelet:65536:720897   |      65536 |     720897",
            })
    void theNodeGivesWhatIsTheKubeletsOrNobodys(String users, String groups, long start, long length)
            throws IOException {
        files(users, groups);
        assertThat(SubordinateIds.read(etc, 65536, 11)).isEqualTo(new IdRange(start, length));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kubelet:65536:720896   | ''                      | has to be one range, the same in both",
                "kubelet:65536:720896   | kubelet:131072:720896   | has to be one range, the same in both",
                "kubelet:65536:720896;kubelet:900000:65536 | kubelet:65536:720896;kubelet:900000:65536 | one range",
                "kubelet:100000:720896  | kubelet:100000:720896   | starts at 100000, which is not a multiple of 65536",
                "kubelet:0:720896       | kubelet:0:720896        | starts at 0, which is not a multiple of 65536",
                "kubelet:65536:655360   | kubelet:65536:655360    | 655360 ids from 65536 are not enough for 11 pods",
                "kubelet:4294901760:720896 | kubelet:4294901760:720896 | goes beyond the last id there is, 4294967295",
                "kubelet:65536          | kubelet:65536           | subuid: \"kubelet:65536\" is not user:start:count",
                "kubelet:many:1         | kubelet:many:1          | subuid: \"kubelet:many:1\" is not user:start:count",
                "kubelet:65536:-1       | kubelet:65536:-1        | is not user:start:count",
            })
    void whatDoesNotDoIsSaid(String users, String groups, String problem) throws IOException {
        files(users, groups);
        assertThatThrownBy(() -> SubordinateIds.read(etc, 65536, 11))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("user namespaces: ")
                .hasMessageContaining(problem);
    }

    @Test
    void largerPodsStartLaterAndMayBeTooLarge() throws IOException {
        assertThat(SubordinateIds.read(etc, 131072, 110)).isEqualTo(new IdRange(131072, 32766L * 131072));
        assertThatThrownBy(() -> SubordinateIds.read(etc, 1L << 30, 110))
                .hasMessage("user namespaces: there are ids for 2 pods of 1073741824 each, not for 110:"
                        + " lower --user-namespaces-ids-per-pod or --max-pods");
    }

    private void files(String users, String groups) throws IOException {
        Files.writeString(etc.resolve("passwd"), "root:x:0:0::/root:/bin/sh\nkubelet:x:1001:1001::/:/bin/false\n");
        Files.writeString(etc.resolve("subuid"), users.replace(';', '\n') + "\n");
        Files.writeString(etc.resolve("subgid"), groups.replace(';', '\n') + "\n");
    }
}
