package io.vertikube.apiserver.storage.etcd;

import com.google.common.util.concurrent.MoreExecutors;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.vertikube.apiserver.storage.KeyExists;
import io.vertikube.apiserver.storage.RevisionCompacted;
import io.vertikube.apiserver.storage.RevisionInFuture;
import io.vertikube.apiserver.storage.RevisionMismatch;
import io.vertikube.apiserver.storage.Store;
import io.vertikube.apiserver.storage.StoreEntry;
import io.vertikube.apiserver.storage.StoreListener;
import io.vertikube.apiserver.storage.StorePage;
import io.vertikube.apiserver.storage.StoreUnavailable;
import io.vertikube.apiserver.storage.StoreWatch;
import io.vertikube.apiserver.storage.etcd.EtcdCalls.CallFailed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The store of a cluster: etcd, one or several members. Every write is a transaction that compares the key's
 * modification revision, so one that was sent twice finds out what became of the first: a value of ours that is there
 * already means that the first attempt succeeded. (Values hold a uid or a holder's name, so equal bytes mean the same
 * writer.) Blocks; safe for any thread.
 */
public final class EtcdStore implements Store {

    /** As the beginning of a range the first possible key, as its end the end of all. */
    static final ByteSequence EVERYTHING = ByteSequence.from(new byte[] {0});

    private static final int LARGEST_ANSWER_BYTES = 256 << 20;
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);
    private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private final Client client;
    private final KV kv;
    private final EtcdCalls calls;
    private final LeaseBuckets leases;
    private final Set<EtcdWatch> watches = ConcurrentHashMap.newKeySet();

    private EtcdStore(Client client, Duration timeout) {
        this.client = client;
        this.kv = client.getKVClient();
        this.calls = new EtcdCalls(timeout);
        this.leases = new LeaseBuckets(client.getLeaseClient(), calls);
    }

    /**
     * Connects, and returns once etcd has answered.
     *
     * @throws StoreUnavailable if it does not answer in time, or the TLS files are of no use
     */
    public static EtcdStore connect(EtcdOptions options) {
        ClientBuilder builder = Client.builder()
                .endpoints(options.endpoints())
                .maxInboundMessageSize(LARGEST_ANSWER_BYTES)
                .keepaliveTime(KEEP_ALIVE)
                .keepaliveTimeout(KEEP_ALIVE_TIMEOUT)
                .keepaliveWithoutCalls(true)
                .connectTimeout(CONNECT_TIMEOUT)
                .retryMaxAttempts(0)
                .interceptor(EtcdStore::answeredAtOnce)
                .executorService(MoreExecutors.newDirectExecutorService());
        options.optionalTls().ifPresent(tls -> builder.sslContext(EtcdTls.context(tls)));
        var store = new EtcdStore(builder.build(), options.requestTimeout());
        try {
            store.currentRevision();
            return store;
        } catch (StoreUnavailable e) {
            store.close();
            throw new StoreUnavailable("cannot reach etcd at " + options.endpoints() + ": " + e.getMessage(), e);
        }
    }

    /**
     * An answer wakes whoever waits for it from the connection's own thread, without another in between. The events of a
     * stream are for a listener, which may take its time.
     */
    private static <Q, A> ClientCall<Q, A> answeredAtOnce(
            MethodDescriptor<Q, A> method, CallOptions options, Channel channel) {
        boolean single = method.getType() == MethodDescriptor.MethodType.UNARY;
        return channel.newCall(method, single ? options.withExecutor(MoreExecutors.directExecutor()) : options);
    }

    static ByteSequence bytes(String string) {
        return ByteSequence.from(string, StandardCharsets.UTF_8);
    }

    static String string(ByteSequence bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static StoreEntry entry(KeyValue found) {
        return new StoreEntry(string(found.getKey()), found.getValue().getBytes(), found.getModRevision());
    }

    @Override
    public long currentRevision() {
        GetOption countOnly = GetOption.builder().withCountOnly(true).build();
        return read("tell its revision", bytes("/"), countOnly).getHeader().getRevision();
    }

    @Override
    public Optional<StoreEntry> get(String key) {
        return read("read " + key, bytes(key), GetOption.DEFAULT).getKvs().stream()
                .findFirst()
                .map(EtcdStore::entry);
    }

    private GetResponse read(String what, ByteSequence key, GetOption option) {
        try {
            return calls.retrying(what, uncertain -> calls.answer(() -> kv.get(key, option)));
        } catch (CallFailed e) {
            throw EtcdCalls.refused(what, e);
        }
    }

    @Override
    public StorePage range(String prefix, @Nullable String startAfter, int limit, long revision) {
        boolean fromStart = startAfter == null || startAfter.compareTo(prefix) < 0;
        String first = fromStart ? prefix : startAfter + '\0';
        ByteSequence from = first.isEmpty() ? EVERYTHING : bytes(first);
        GetOption option = GetOption.builder()
                .withRange(endOf(prefix))
                .withLimit(limit)
                .withRevision(revision)
                .build();
        String what = "read the keys under " + prefix;
        try {
            GetResponse page = calls.retrying(what, uncertain -> calls.answer(() -> kv.get(from, option)));
            List<StoreEntry> entries =
                    page.getKvs().stream().map(EtcdStore::entry).toList();
            return new StorePage(entries, revision == 0 ? page.getHeader().getRevision() : revision, page.isMore());
        } catch (CallFailed e) {
            if (e.says("has been compacted")) {
                throw new RevisionCompacted(revision, revision + 1);
            }
            if (e.says("future revision")) {
                throw new RevisionInFuture(revision, currentRevision());
            }
            throw EtcdCalls.refused(what, e);
        }
    }

    /** The first key after all those with the prefix; for the empty prefix etcd's sign for "to the end". */
    private static ByteSequence endOf(String prefix) {
        if (prefix.isEmpty()) {
            return EVERYTHING;
        }
        byte[] end = prefix.getBytes(StandardCharsets.UTF_8);
        end[end.length - 1]++;
        return ByteSequence.from(end);
    }

    @Override
    public long create(String key, byte[] value, long leaseSeconds) {
        Outcome outcome = put("create " + key, key, value, 0, leaseSeconds);
        if (!outcome.done) {
            throw new KeyExists(key);
        }
        return outcome.revision;
    }

    @Override
    public long update(String key, byte[] value, long expectedRevision, long leaseSeconds) {
        if (expectedRevision == 0) {
            throw new RevisionMismatch(key, expectedRevision, get(key).orElse(null));
        }
        Outcome outcome = put("update " + key, key, value, expectedRevision, leaseSeconds);
        if (!outcome.done) {
            throw new RevisionMismatch(key, expectedRevision, outcome.current);
        }
        return outcome.revision;
    }

    @Override
    public StoreEntry delete(String key, long expectedRevision) {
        if (expectedRevision == 0) {
            throw new RevisionMismatch(key, expectedRevision, get(key).orElse(null));
        }
        ByteSequence name = bytes(key);
        Op delete = Op.delete(name, DeleteOption.builder().withPrevKV(true).build());
        String what = "delete " + key;
        try {
            TxnResponse response = calls.retrying(what, uncertain -> transact(name, expectedRevision, delete));
            if (response.isSucceeded()) {
                KeyValue last =
                        response.getDeleteResponses().getFirst().getPrevKvs().getFirst();
                return new StoreEntry(
                        key, last.getValue().getBytes(), response.getHeader().getRevision());
            }
            throw new RevisionMismatch(key, expectedRevision, found(response));
        } catch (CallFailed e) {
            throw EtcdCalls.refused(what, e);
        }
    }

    /** What became of a put: done at a revision, or not because of what is there. */
    private record Outcome(
            boolean done, long revision, @Nullable StoreEntry current) {}

    private Outcome put(String what, String key, byte[] value, long expected, long leaseSeconds) {
        try {
            return calls.retrying(what, uncertain -> tryPut(key, value, expected, leaseSeconds, uncertain));
        } catch (CallFailed e) {
            throw EtcdCalls.refused(what, e);
        }
    }

    private Outcome tryPut(String key, byte[] value, long expected, long leaseSeconds, boolean uncertain)
            throws CallFailed {
        ByteSequence name = bytes(key);
        TxnResponse response;
        try {
            PutOption option =
                    PutOption.builder().withLeaseId(leases.lease(leaseSeconds)).build();
            response = transact(name, expected, Op.put(name, ByteSequence.from(value), option));
        } catch (CallFailed e) {
            if (!e.says("lease not found")) {
                throw e;
            }
            leases.forget(leaseSeconds);
            PutOption option =
                    PutOption.builder().withLeaseId(leases.lease(leaseSeconds)).build();
            response = transact(name, expected, Op.put(name, ByteSequence.from(value), option));
        }
        if (response.isSucceeded()) {
            return new Outcome(true, response.getHeader().getRevision(), null);
        }
        StoreEntry current = found(response);
        if (uncertain && current != null && Arrays.equals(current.value(), value)) {
            return new Outcome(true, current.revision(), null);
        }
        return new Outcome(false, 0, current);
    }

    private TxnResponse transact(ByteSequence key, long expected, Op write) throws CallFailed {
        var unchanged = new Cmp(key, Cmp.Op.EQUAL, CmpTarget.modRevision(expected));
        return calls.answer(() -> kv.txn()
                .If(unchanged)
                .Then(write)
                .Else(Op.get(key, GetOption.DEFAULT))
                .commit());
    }

    private static @Nullable StoreEntry found(TxnResponse response) {
        return response.getGetResponses().stream()
                .flatMap(get -> get.getKvs().stream())
                .findFirst()
                .map(EtcdStore::entry)
                .orElse(null);
    }

    @Override
    public StoreWatch watch(String prefix, long fromRevision, StoreListener listener) {
        var watch = new EtcdWatch(client.getWatchClient(), prefix, fromRevision, listener);
        watches.add(watch);
        watch.start();
        return () -> {
            watches.remove(watch);
            watch.close();
        };
    }

    @Override
    public void compact(long revision) {
        String what = "compact to revision " + revision;
        try {
            calls.retrying(what, uncertain -> calls.answer(() -> kv.compact(revision)));
        } catch (CallFailed e) {
            if (!e.says("has been compacted") && !e.says("future revision")) {
                throw EtcdCalls.refused(what, e);
            }
        }
    }

    @Override
    public void close() {
        watches.forEach(EtcdWatch::close);
        client.close();
    }
}
