package io.vertikube.deploy.bench.apiserver;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.PutOption;
import io.grpc.netty.GrpcSslContexts;
import io.vertikube.deploy.bench.apiserver.BenchOptions.Etcd;
import io.vertikube.deploy.bench.load.Latencies;
import io.vertikube.deploy.bench.load.Load;
import io.vertikube.deploy.bench.load.Measured;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What etcd itself does through the same client library: transactions that create a key if it is not there, as large as
 * the pods of the measurement. They stay there, so it is an etcd that nothing else is measured on: to delete many keys at
 * once makes the buffer of what etcd has not written yet grow to all of them, and etcd 3.4 copies that buffer's whole
 * length for every transaction after.
 */
final class RawEtcd implements AutoCloseable {

    private static final String PREFIX = "/bench/";

    private final Client client;
    private final byte[] value;

    RawEtcd(Etcd etcd, int valueBytes) throws IOException {
        var builder = Client.builder().endpoints(etcd.endpoint());
        if (etcd.ca() != null && etcd.certificate() != null && etcd.key() != null) {
            builder.sslContext(GrpcSslContexts.forClient()
                    .trustManager(etcd.ca().toFile())
                    .keyManager(etcd.certificate().toFile(), etcd.key().toFile())
                    .build());
        }
        this.client = builder.build();
        this.value = new byte[valueBytes];
        ThreadLocalRandom.current().nextBytes(value);
    }

    /** Closed loops of transactions. */
    Measured run(String name, int inFlight, double seconds) throws InterruptedException {
        KV kv = client.getKVClient();
        var next = new AtomicLong();
        long ownBefore = Load.ownMicros();
        long begin = System.nanoTime();
        long deadline = begin + (long) (seconds * 1e9);
        var all = new Latencies();
        var loops = new CompletableFuture<?>[inFlight];
        for (int i = 0; i < inFlight; i++) {
            var done = new CompletableFuture<Void>();
            loops[i] = done;
            again(kv, next, deadline, all, done);
        }
        try {
            CompletableFuture.allOf(loops).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("etcd refused a transaction: " + e.getCause(), e);
        }
        double took = (System.nanoTime() - begin) / 1e9;
        return new Measured(name, all.total(), 0, took, all, 0, "", -1, Load.ownMicros() - ownBefore);
    }

    private void again(KV kv, AtomicLong next, long deadline, Latencies all, CompletableFuture<Void> done) {
        long sent = System.nanoTime();
        if (sent >= deadline) {
            done.complete(null);
            return;
        }
        ByteSequence key = bytes(PREFIX + next.getAndIncrement() + "-" + Long.toHexString(sent));
        CompletableFuture<TxnResponse> answer = kv.txn()
                .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.modRevision(0)))
                .Then(Op.put(key, ByteSequence.from(value), PutOption.DEFAULT))
                .commit();
        answer.whenComplete((response, failure) -> {
            if (failure != null) {
                done.completeExceptionally(failure);
                return;
            }
            synchronized (all) {
                all.record(System.nanoTime() - sent);
            }
            again(kv, next, deadline, all, done);
        });
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }
}
