package io.vertikube.apiserver.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodStatusTest {

    private static final String RUNNING = "'state':{'running':{}}";
    private static final Instant NOW = Instant.parse("2026-01-02T12:00:00Z");

    /** Containers of the spec, then the status; one container {@code c} if the spec says nothing. */
    @ParameterizedTest(name = "{2} {3} {4}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "; 'phase':'Pending'; 0/1; Pending; 0",
                "; 'phase':'Running','containerStatuses':[{'ready':true,RUN}]; 1/1; Running; 0",
                "; 'phase':'Running','containerStatuses':[{'ready':false,RUN}]; 0/1; Running; 0",
                "; 'phase':'Pending','containerStatuses':[{'state':{'waiting':{'reason':'ContainerCreating'}}}]; 0/1; ContainerCreating; 0",
                "; 'phase':'Running','containerStatuses':[{'restartCount':2,'state':{'waiting':{'reason':'CrashLoopBackOff'}},'lastState':{'terminated':{'finishedAt':'2026-01-02T11:55:00Z'}}}]; 0/1; CrashLoopBackOff; 2 (5m ago)",
                "; 'phase':'Succeeded','containerStatuses':[{'state':{'terminated':{'reason':'Completed','exitCode':0}}}]; 0/1; Completed; 0",
                "; 'phase':'Failed','containerStatuses':[{'state':{'terminated':{'exitCode':3}}}]; 0/1; ExitCode:3; 0",
                "; 'phase':'Failed','containerStatuses':[{'state':{'terminated':{'exitCode':137,'signal':9}}}]; 0/1; Signal:9; 0",
                "; 'phase':'Failed','reason':'Evicted'; 0/1; Evicted; 0",
                "; 'phase':'Pending','conditions':[{'type':'PodScheduled','reason':'SchedulingGated'}]; 0/1; SchedulingGated; 0",
                "'containers':[{},{}]; 'phase':'Running','conditions':[{'type':'Ready','status':'True'}],'containerStatuses':[{'state':{'terminated':{'reason':'Completed'}}},{'ready':true,RUN}]; 1/2; Running; 0",
                "'containers':[{},{}]; 'phase':'Running','containerStatuses':[{'state':{'terminated':{'reason':'Completed'}}},{'ready':true,RUN}]; 1/2; NotReady; 0",
                "'containers':[{}],'initContainers':[{'name':'i'}]; 'phase':'Pending','initContainerStatuses':[{'name':'i',RUN}]; 0/1; Init:0/1; 0",
                "'containers':[{}],'initContainers':[{'name':'i'},{'name':'j'}]; 'phase':'Pending','initContainerStatuses':[{'name':'i','state':{'terminated':{'exitCode':0}}},{'name':'j','restartCount':3,'state':{'waiting':{'reason':'CrashLoopBackOff'}}}]; 0/1; Init:CrashLoopBackOff; 3",
                "'containers':[{}],'initContainers':[{'name':'i'}]; 'phase':'Failed','initContainerStatuses':[{'name':'i','state':{'terminated':{'exitCode':1,'reason':'Error'}}}]; 0/1; Init:Error; 0",
                "'containers':[{}],'initContainers':[{'name':'i'}]; 'phase':'Running','initContainerStatuses':[{'name':'i','state':{'terminated':{'exitCode':0}}}],'containerStatuses':[{'ready':true,RUN}]; 1/1; Running; 0",
                "'containers':[{}],'initContainers':[{'name':'s','restartPolicy':'Always'}]; 'phase':'Running','initContainerStatuses':[{'name':'s','started':true,'ready':true,'restartCount':1,RUN}],'containerStatuses':[{'ready':true,RUN}]; 2/2; Running; 1",
            })
    void wordAndCounts(String spec, String status, String ready, String word, String restarts) {
        Row row = row("{'metadata':{'name':'p'},'spec':{" + (spec == null ? "'containers':[{}]" : spec) + "},'status':{"
                + status.replace("RUN", RUNNING) + "}}");
        Columns columns = BuiltInColumns.of("", "pods").orElseThrow();
        assertThat(columns.list().get(1).cell().of(row)).isEqualTo(ready);
        assertThat(columns.list().get(2).cell().of(row)).isEqualTo(word);
        assertThat(columns.list().get(3).cell().of(row)).isEqualTo(restarts);
    }

    @ParameterizedTest
    @CsvSource({"Running,,Terminating", "Running,NodeLost,Unknown", "Succeeded,,Succeeded"})
    void deletedPods(String phase, String reason, String word) {
        String why = reason == null ? "" : ",'reason':'" + reason + "'";
        Row row = row("{'metadata':{'deletionTimestamp':'2026-01-02T11:55:00Z'},'spec':{'containers':[{}]},"
                + "'status':{'phase':'" + phase + "'" + why + "}}");
        assertThat(PodStatus.of(row).word()).isEqualTo(word);
    }

    private static Row row(String json) {
        return new Row((ObjectNode) Json.tree(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)), NOW);
    }
}
