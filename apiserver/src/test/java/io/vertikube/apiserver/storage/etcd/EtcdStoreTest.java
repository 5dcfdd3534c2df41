package io.vertikube.apiserver.storage.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertikube.apiserver.storage.Store;
import io.vertikube.apiserver.storage.StoreContract;
import io.vertikube.apiserver.storage.StoreUnavailable;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EtcdStoreTest extends StoreContract {

    private EtcdProcess etcd;

    @Override
    protected Store open() {
        etcd = EtcdProcess.single();
        return EtcdStore.connect(EtcdOptions.of(etcd.endpoints(), null));
    }

    @AfterEach
    void endEtcd() {
        etcd.close();
    }

    @Test
    void manyEventsShareFewLeases() {
        for (int i = 0; i < 20; i++) {
            store.create("/registry/core/events/" + i, bytes("x"), 3600);
        }
        try (var client =
                io.etcd.jetcd.Client.builder().endpoints(etcd.endpoints()).build()) {
            long leases = client
                    .getKVClient()
                    .get(
                            EtcdStore.bytes("/registry/"),
                            io.etcd.jetcd.options.GetOption.builder()
                                    .isPrefix(true)
                                    .build())
                    .join()
                    .getKvs()
                    .stream()
                    .map(io.etcd.jetcd.KeyValue::getLease)
                    .distinct()
                    .count();
            assertThat(leases).isEqualTo(1);
        }
    }

    @Test
    void anEtcdThatIsNotThereIsASentence() {
        var nowhere = new EtcdOptions(List.of(URI.create("http://127.0.0.1:1")), null, Duration.ofMillis(300));
        assertThatThrownBy(() -> EtcdStore.connect(nowhere))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("cannot reach etcd at [http://127.0.0.1:1]");
    }

    @Test
    void optionsThatCannotWorkAreSentences() {
        assertThatThrownBy(() -> EtcdOptions.of(List.of(), null)).hasMessageContaining("at least one etcd endpoint");
        assertThatThrownBy(() -> EtcdOptions.of(List.of(URI.create("https://127.0.0.1:2379")), null))
                .hasMessageContaining("needs a CA file");
        assertThatThrownBy(() -> EtcdOptions.of(List.of(URI.create("localhost")), null))
                .hasMessageContaining("is no etcd endpoint");
    }
}
