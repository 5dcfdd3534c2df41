package io.vertikube.apiserver;

import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.resource.Chance;
import io.vertikube.apiserver.storage.Store;
import io.vertikube.apiserver.storage.embedded.EmbeddedStore;
import io.vertikube.client.Pace;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a program that runs a server inside itself keeps of it: the keys and the objects in memory, which the next server
 * with the same embedding finds again; and what it puts around the server: the clock, and something every request meets
 * first. Safe for any thread; one server at a time.
 */
public final class Embedding implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Embedding.class);

    private final InstantSource clock;
    private final Pace pace;
    private final UnaryOperator<Consumer<Call>> before;
    private final Chance chance;
    private final boolean keeps;
    private @Nullable ServerKeys keys;
    private @Nullable Store store;

    private Embedding(
            InstantSource clock, Pace pace, UnaryOperator<Consumer<Call>> before, Chance chance, boolean keeps) {
        this.clock = clock;
        this.pace = pace;
        this.before = before;
        this.chance = chance;
        this.keeps = keeps;
    }

    /** Nothing is kept and nothing stands around it: a server of its own. */
    static Embedding none() {
        return new Embedding(
                InstantSource.system(), Pace.ofMachine(), UnaryOperator.identity(), Chance.ofMachine(), false);
    }

    /**
     * Keeps keys and, if the options choose memory, objects until it is closed.
     *
     * @param before makes what requests meet out of what they would have met
     */
    public static Embedding keeping(InstantSource clock, UnaryOperator<Consumer<Call>> before) {
        return keeping(clock, Pace.ofMachine(), before, Chance.ofMachine());
    }

    /** The same; how servers wait between rounds and what they leave to chance is somebody else's too. */
    public static Embedding keeping(
            InstantSource clock, Pace pace, UnaryOperator<Consumer<Call>> before, Chance chance) {
        return new Embedding(clock, pace, before, chance, true);
    }

    Pace pace() {
        return pace;
    }

    Chance chance() {
        return chance;
    }

    /** Makes the keys while the program does other things. What keeps them from being made, the server's start will say. */
    public void prepare(ApiServerOptions options) {
        Thread.ofVirtual().start(() -> {
            try {
                keys(options, Addresses.advertised(options.serving()));
            } catch (RuntimeException e) {
                LOG.debug("the keys could not be made yet: {}", e.getMessage());
            }
        });
    }

    InstantSource clock() {
        return clock;
    }

    Consumer<Call> before(Consumer<Call> chain) {
        return before.apply(chain);
    }

    synchronized ServerKeys keys(ApiServerOptions options, String advertiseAddress) {
        ServerKeys known = keys;
        if (known == null) {
            // TLS holds certificates against the machine's clock, whatever the server's says.
            known = ServerKeys.of(options, advertiseAddress, InstantSource.system());
            keys = keeps ? known : null;
        }
        return known;
    }

    synchronized Store store(Stores stores, ApiServerOptions.StoreChoice choice) {
        if (!keeps || !choice.equals(ApiServerOptions.StoreChoice.MEMORY)) {
            return stores.open(choice);
        }
        Store known = store;
        if (known == null) {
            known = EmbeddedStore.inMemory(clock, pace);
            store = known;
        }
        return new KeptStore(known);
    }

    /** The objects that are kept. @throws IllegalStateException before the first server, and where none are */
    public synchronized Store kept() {
        Store known = store;
        if (known == null) {
            throw new IllegalStateException(
                    "no objects are kept here: no server has started, or it has a store of its own");
        }
        return known;
    }

    /** Forgets what was kept. */
    @Override
    public synchronized void close() {
        Store known = store;
        if (known != null) {
            known.close();
            store = null;
        }
    }
}
