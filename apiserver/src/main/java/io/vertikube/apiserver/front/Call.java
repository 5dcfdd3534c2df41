package io.vertikube.apiserver.front;

import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvk;
import io.vertikube.value.Durations;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way and the one answer it gets. Confined to the event loop of its connection, except {@link
 * #answer}, {@link #fail}, {@link #warn} and {@link #offload}, which any thread may call.
 */
public final class Call {

    private static final Logger LOG = LoggerFactory.getLogger(Call.class);

    private final HttpServerRequest request;
    private final Context context;
    private final RequestInfo info;
    private final Query query;
    private final FrontLimits limits;
    private final Documents documents;
    private final Function<Throwable, ApiException> translate;
    private final long startNanos = System.nanoTime();
    private final Set<String> warnings = new LinkedHashSet<>();
    private final Map<String, String> annotations = new ConcurrentHashMap<>();
    private final List<Runnable> endings = new ArrayList<>();
    private volatile UserInfo user = UserInfo.ANONYMOUS;
    private volatile UserInfo caller = UserInfo.ANONYMOUS;
    private volatile @Nullable CallWitness witness;
    private Duration patience;
    private boolean answered;
    private int code;
    private boolean over;
    private @Nullable Runnable start;

    Call(
            HttpServerRequest request,
            Context context,
            RequestInfo info,
            Query query,
            FrontLimits limits,
            Documents documents,
            Function<Throwable, ApiException> translate) {
        this.request = request;
        this.context = context;
        this.info = info;
        this.query = query;
        this.limits = limits;
        this.documents = documents;
        this.translate = translate;
        this.patience = limits.request();
        HttpServerResponse response = request.response();
        response.exceptionHandler(e -> {});
        response.closeHandler(v -> finished());
        response.endHandler(v -> finished());
    }

    public HttpServerRequest request() {
        return request;
    }

    public Context context() {
        return context;
    }

    public RequestInfo info() {
        return info;
    }

    public Query query() {
        return query;
    }

    public String method() {
        return request.method().name();
    }

    /** A request header; empty if it is not there. */
    public String header(String name) {
        String value = request.getHeader(name);
        return value == null ? "" : value;
    }

    public UserInfo user() {
        return user;
    }

    /** Set once, by the chain. */
    public void user(UserInfo known) {
        this.user = known;
    }

    /** Who showed the credentials, which is somebody else than {@link #user} where they act as another. */
    public UserInfo caller() {
        return caller;
    }

    /** Set once, when it is known and before they act as another. */
    public void caller(UserInfo known) {
        this.caller = known;
        this.user = known;
    }

    /** Somebody keeps a record of this call. */
    public void witness(CallWitness somebody) {
        this.witness = somebody;
    }

    public boolean isWitnessed() {
        return witness != null;
    }

    /** The form the client wants of objects of a kind, or a table of them, or their metadata; 406 if there is none. */
    public View view(Gvk type) {
        return view(new Offer(documents.knows(type), true));
    }

    /** The form the client wants of what an endpoint can answer; 406 if there is none. */
    public View view(Offer offer) {
        View view = View.of(accept(), offer);
        return wantsPretty() ? view.prettily() : view;
    }

    /** People who look with a browser or at a command line get lines to read, unless they say otherwise. */
    private boolean wantsPretty() {
        if (query.has("pretty")) {
            return query.flag("pretty");
        }
        String agent = header("User-Agent");
        return agent.startsWith("curl") || agent.startsWith("Wget") || agent.startsWith("Mozilla/5.0");
    }

    /** How trees become bytes, for those that write their answer themselves. */
    public Documents documents() {
        return documents;
    }

    /** Microseconds since the request's head arrived. */
    public long elapsedMicros() {
        return (System.nanoTime() - startNanos) / 1_000;
    }

    /** Takes over the shorter time that the client wants to wait; 400 if it names none. */
    void readTimeout() {
        String wanted = query.text("timeout");
        if (wanted.isEmpty() || info.longRunning()) {
            return;
        }
        try {
            Duration asked = Durations.parse(wanted);
            patience = asked.isZero() || asked.compareTo(patience) > 0 ? patience : asked;
        } catch (IllegalArgumentException e) {
            throw ApiErrors.badRequest("invalid timeout specified in the request URL - " + e.getMessage());
        }
    }

    boolean isOverdue() {
        return System.nanoTime() - startNanos > patience.toNanos();
    }

    /** Its time is up: a client that waits is told so, one that does not take its answer is left. */
    void endNow() {
        if (over) {
            return;
        }
        if (answered) {
            request.response().reset();
        } else {
            fail(ApiErrors.timeout("request did not complete within the allotted timeout", 0));
        }
    }

    /** A sentence for the user beside the answer, sent as a {@code Warning} header (RFC 7234, code 299). */
    public void warn(String sentence) {
        synchronized (warnings) {
            if (warnings.size() < limits.warnings()) {
                warnings.add(sentence);
            }
        }
    }

    /** An annotation of the request's audit event; the first value of a key stays. Any thread. */
    public void annotate(String key, String value) {
        annotations.putIfAbsent(key, value);
    }

    /** The annotations of the request's audit event so far. */
    public Map<String, String> annotations() {
        return Map.copyOf(annotations);
    }

    /** The HTTP code of the answer; 0 as long as there is none, and 101 is none. */
    public int code() {
        return code;
    }

    /** Runs when the answer is out or the client is gone, whichever is first; on the event loop. */
    public void onEnd(Runnable ending) {
        if (over) {
            ending.run();
        } else {
            endings.add(ending);
        }
    }

    /** Runs when a stream has been set up and is under way, or is over before; on the event loop. */
    public void onStart(Runnable action) {
        start = action;
        onEnd(this::started);
    }

    /** A stream is under way: what it costs from now on is told by others. On the event loop. */
    public void started() {
        Runnable action = start;
        start = null;
        if (action != null) {
            action.run();
        }
    }

    /** The exchange is over; for those that take the connection away from HTTP. */
    public void finished() {
        if (!over) {
            over = true;
            endings.forEach(Runnable::run);
        }
    }

    public boolean isOver() {
        return over;
    }

    /** Collects the body, up to the limit; a larger one is refused with 413. */
    public void body(Consumer<byte[]> then) {
        int limit = limits.bodyBytes();
        var body = Buffer.buffer();
        long[] received = {0};
        String length = header("Content-Length");
        if (length.length() > 9 || (!length.isEmpty() && Long.parseLong(length) > limit)) {
            received[0] = limit;
            fail(tooLarge(limit));
        }
        request.handler(chunk -> {
            received[0] += chunk.length();
            if (received[0] <= limit) {
                body.appendBuffer(chunk);
            } else if (received[0] > limits.discardBytes()) {
                request.connection().close();
            } else {
                fail(tooLarge(limit));
            }
        });
        request.endHandler(v -> {
            if (!answered) {
                byte[] whole = body.getBytes();
                CallWitness somebody = witness;
                if (somebody != null) {
                    somebody.sent(whole);
                }
                step(() -> then.accept(whole));
            }
        });
    }

    private static ApiException tooLarge(int limit) {
        return ApiErrors.tooLarge("Request entity too large: limit is " + limit);
    }

    /** Does work that may block on a virtual thread and answers with its outcome. */
    public void offload(Callable<Answer> work) {
        work(() -> answer(work.call()));
    }

    /** Work that answers by itself, or fails. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /** Does work that may block on a virtual thread; if it fails, so does the call. */
    public void work(Work work) {
        Thread.ofVirtual().name("api " + info.verb() + " " + info.path()).start(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                broke(e);
            }
        });
    }

    /** Takes a step on the event loop; whatever it throws, an Error too, becomes the answer: nobody waits for none. */
    public void step(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            broke(e);
        }
    }

    /** An answer that has begun cannot be taken back, so it ends in a way that is seen. Any thread. */
    private void broke(Throwable failure) {
        fail(failure);
        context.runOnContext(v -> {
            if (answered && !over && !request.response().ended()) {
                LOG.error("an answer that had begun broke off", failure);
                request.response().reset();
            }
        });
    }

    /** Answers with a Status. Any thread; only the first answer counts. */
    public void fail(Throwable failure) {
        ApiException told = failure instanceof ApiException known ? known : translate.apply(failure);
        CallWitness somebody = witness;
        if (somebody != null && !(failure instanceof ApiException) && told.code() == 500) {
            somebody.broke();
        }
        View view = View.orJson(accept());
        answer(Answer.of(told, wantsPretty() ? view.prettily() : view));
    }

    /** Answers. Any thread; only the first answer counts. */
    public void answer(Answer answer) {
        switch (answer.body()) {
            case Answer.Body.Bytes whole -> send(answer, whole.buffer());
            case Answer.Body.Tree form
            when form.view().format() == View.Format.PROTOBUF && onEventLoop() ->
                Thread.ofVirtual().start(() -> write(answer, form));
            case Answer.Body.Tree form -> write(answer, form);
        }
    }

    private void write(Answer answer, Answer.Body.Tree form) {
        try {
            send(answer, documents.write(form.tree(), form.view()));
        } catch (Throwable e) {
            ApiException told = e instanceof ApiException known ? known : translate.apply(e);
            Answer refusal = Answer.of(told, View.JSON);
            send(refusal, documents.write(Statuses.of(told), View.JSON));
        }
    }

    private void send(Answer answer, Buffer body) {
        if (body.length() < limits.gzipFromBytes() || !acceptsGzip() || answer.has("Content-Encoding")) {
            onContext(() -> write(answer, body));
            return;
        }
        Answer packed = answer.with("Content-Encoding", "gzip").with("Vary", "Accept-Encoding");
        Thread.ofVirtual().start(() -> {
            try {
                Buffer small = Gzip.pack(body);
                onContext(() -> write(packed, small));
            } catch (Throwable e) {
                broke(e);
            }
        });
    }

    /** Several header lines count as one. */
    private String accept() {
        List<String> lines = request.headers().getAll("Accept");
        return lines.size() == 1 ? lines.getFirst() : String.join(",", lines);
    }

    /** Whether the client takes a body with {@code Content-Encoding: gzip}. */
    public boolean acceptsGzip() {
        return header("Accept-Encoding").contains("gzip");
    }

    /** Takes a step on the call's event loop: now if this is it, else soon. */
    public void onContext(Runnable action) {
        if (onEventLoop()) {
            step(action);
        } else {
            context.runOnContext(v -> step(action));
        }
    }

    private boolean onEventLoop() {
        return context.isEventLoopContext() && context.equals(Vertx.currentContext());
    }

    private void write(Answer answer, Buffer body) {
        if (!begin(answer.code(), answer.contentType())) {
            return;
        }
        CallWitness somebody = witness;
        if (somebody != null) {
            somebody.answered(answer);
        }
        HttpServerResponse response = request.response();
        answer.headers().forEach(h -> response.headers().set(h.name(), h.value()));
        response.end(body);
    }

    /**
     * Begins an answer whose body the caller writes to the response itself.
     *
     * @return false if there is an answer already or nobody waits for one any more
     */
    public boolean begin(int code, String contentType) {
        HttpServerResponse response = request.response();
        if (answered || over || response.ended() || response.closed()) {
            return false;
        }
        answered = true;
        this.code = code;
        response.setStatusCode(code);
        response.headers().set("Content-Type", contentType).set("Cache-Control", "no-cache, private");
        synchronized (warnings) {
            warnings.forEach(w -> response.headers().add("Warning", "299 - " + quoted(w)));
        }
        CallWitness somebody = witness;
        if (somebody != null) {
            somebody.began(code);
        }
        LOG.debug("{} {} by {}: {} after {} µs", request.method(), request.uri(), user.name(), code, elapsedMicros());
        return true;
    }

    private static String quoted(String sentence) {
        var text = new StringBuilder("\"");
        for (int i = 0; i < sentence.length(); i++) {
            char c = sentence.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else {
                text.append(c < ' ' || c > '~' ? ' ' : c);
            }
        }
        return text.append('"').toString();
    }
}
