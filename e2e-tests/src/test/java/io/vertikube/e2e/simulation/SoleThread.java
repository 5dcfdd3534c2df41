package io.vertikube.e2e.simulation;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.Ticker;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxBootstrap;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One thread of the machine that carries a whole world: every virtual thread and the event loops of its {@link #vertx}.
 * One goes on at a time, to where it waits; who is next of those that can go on is the seed's. So nothing is left to how
 * the machine shares out its processors. What a world starts is carried here too, since a virtual thread is carried
 * where the one was that started it.
 *
 * <p>{@link #run} holds the thread; all else is for the world's own threads.
 */
final class SoleThread {

    private static final Duration LONGEST_WITHOUT_A_SIGN = Duration.ofSeconds(60);
    private static final Duration LONGEST_FOR_A_MONITOR = Duration.ofSeconds(1);
    private static final long LOOK_AGAIN_NANOS = 200_000;

    private final SplittableRandom chance;
    private final Ticker ticker;
    private final Thread carrier = Thread.currentThread();
    private final List<Runnable> ready = new ArrayList<>();
    private final ConcurrentLinkedQueue<Woken> fromElsewhere = new ConcurrentLinkedQueue<>();
    private final Set<String> wokenBy = new TreeSet<>();
    private final List<ManualIoEventLoop> loops = new ArrayList<>();
    private final ThreadFactory threads = threads(this::readyAgain);
    private final Thread network = threads.newThread(this::carryMessages);
    private boolean carried;
    private @Nullable Thread waitsForRest;
    private boolean rests;

    private SoleThread(long seed, Ticker ticker) {
        this.chance = new SplittableRandom(seed);
        this.ticker = ticker;
    }

    /** Somebody whom a thread of the machine lets go on. */
    private record Woken(Runnable one, String by) {}

    /** What happens in a world of one thread. */
    @FunctionalInterface
    interface World<T> {
        T live(SoleThread thread) throws Exception;
    }

    /**
     * Carries a world on this thread until it has come to its end.
     *
     * @param seed of who goes on first
     * @param ticker the time that the event loops' timers go by
     */
    static <T> T run(long seed, Ticker ticker, World<T> world) throws Exception {
        var thread = new SoleThread(seed, ticker);
        var life = new FutureTask<>(() -> world.live(thread));
        thread.network.start();
        thread.threads.newThread(life).start();
        thread.carry(life);
        try {
            return life.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Exception failed -> throw failed;
                case Error failed -> throw failed;
                default -> throw e;
            }
        }
    }

    /** Event loops that are carried here; a world has one of these and closes it. */
    Vertx vertx(VertxOptions options) {
        VertxBootstrap bootstrap = VertxBootstrap.create().options(options.setEventLoopPoolSize(1));
        bootstrap.transport(new Wire(this::loop));
        bootstrap.executorServiceFactory((names, count, most) -> Executors.newThreadPerTaskExecutor(threads));
        return bootstrap.init().vertx();
    }

    private IoEventLoop loop(IoHandlerFactory handlers) {
        var loop = new ManualIoEventLoop(null, network, handlers, ticker);
        loops.add(loop);
        return loop;
    }

    /** Returns when nobody can go on and nothing is on its way. */
    void rest() {
        rests = false;
        waitsForRest = Thread.currentThread();
        while (!rests) {
            LockSupport.park(this);
        }
    }

    /**
     * The machine's threads that let somebody of this world go on, by name: what they did hangs on the machine's clock or
     * on its garbage collector, and another run may go another way.
     */
    Set<String> wokenBy() {
        return new TreeSet<>(wokenBy);
    }

    /** Called by whoever lets a thread go on. */
    private void readyAgain(Runnable one) {
        if (Thread.currentThread() == carrier || onIt()) {
            ready.add(one);
        } else {
            fromElsewhere.add(new Woken(one, Thread.currentThread().getName()));
            LockSupport.unpark(carrier);
        }
    }

    /** A virtual thread that lets another go on does so where it is carried itself. */
    private static boolean onIt() {
        return Thread.currentThread().isVirtual();
    }

    private void carry(FutureTask<?> life) {
        long sign = System.nanoTime();
        while (!life.isDone()) {
            if (carriedOne() || messagesWereCarried() || restWasGiven()) {
                sign = System.nanoTime();
            } else {
                check(sign);
                LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            }
        }
    }

    /** Whoever waited for the machine goes first, so that the lot of the others does not hang on when that was. */
    private boolean carriedOne() {
        Woken woken = fromElsewhere.poll();
        if (woken != null) {
            wokenBy.add(woken.by);
            goOn(woken.one);
            return true;
        }
        if (ready.isEmpty()) {
            return false;
        }
        goOn(next());
        return true;
    }

    /** Nobody else goes on meanwhile if it has to wait for a thread of the machine, as whoever prints a line may. */
    private void goOn(Runnable one) {
        one.run();
        long began = System.nanoTime();
        while (waitsForAMonitor(one) && System.nanoTime() - began < LONGEST_FOR_A_MONITOR.toNanos()) {
            Woken woken = fromElsewhere.poll();
            if (woken == null) {
                LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            } else if (woken.one == one) {
                one.run();
            } else {
                wokenBy.add(woken.by);
                goOn(woken.one);
            }
        }
    }

    /** Or has just got it, and comes from elsewhere in a moment. */
    private boolean waitsForAMonitor(Runnable one) {
        return switch (threadOf(one).getState()) {
            case BLOCKED -> true;
            case RUNNABLE -> !ready.contains(one);
            case NEW, WAITING, TIMED_WAITING, TERMINATED -> false;
        };
    }

    private boolean restWasGiven() {
        Thread resting = waitsForRest;
        if (resting == null) {
            return false;
        }
        waitsForRest = null;
        rests = true;
        LockSupport.unpark(resting);
        return true;
    }

    private static void check(long sign) {
        if (System.nanoTime() - sign > LONGEST_WITHOUT_A_SIGN.toNanos()) {
            throw new IllegalStateException(
                    String.format(Locale.ROOT, "for %d s nobody could go on", LONGEST_WITHOUT_A_SIGN.toSeconds()));
        }
    }

    private Runnable next() {
        int last = ready.size() - 1;
        int chosen = last == 0 ? 0 : chance.nextInt(last + 1);
        Runnable one = ready.get(chosen);
        ready.set(chosen, ready.getLast());
        ready.removeLast();
        return one;
    }

    /** One round of the event loops; false if there was nothing to do. */
    private boolean messagesWereCarried() {
        carried = false;
        LockSupport.unpark(network);
        while (!ready.isEmpty() && !carried) {
            goOn(next());
        }
        return carried;
    }

    private void carryMessages() {
        while (true) {
            for (ManualIoEventLoop loop : List.copyOf(loops)) {
                carried |= loop.runNow() > 0;
            }
            loops.removeIf(ManualIoEventLoop::isTerminated);
            LockSupport.park(this);
        }
    }

    /** What a virtual thread goes on with knows whose it is, and says it to nobody. */
    private static Thread threadOf(Runnable one) {
        try {
            for (Field captured : one.getClass().getDeclaredFields()) {
                if (Thread.class.isAssignableFrom(captured.getType())) {
                    captured.setAccessible(true);
                    return (Thread) captured.get(one);
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM does not let see whose turn it is", e);
        }
        throw new IllegalStateException("this JVM does not show whose turn it is: " + one.getClass());
    }

    /** The one way to say where a virtual thread is carried; those that it starts follow it. */
    private static ThreadFactory threads(Executor carrier) {
        try {
            Constructor<?> builder = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            builder.setAccessible(true);
            return ((Thread.Builder.OfVirtual) builder.newInstance(carrier))
                    .name("world")
                    .factory();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM does not let virtual threads be carried elsewhere", e);
        }
    }
}
