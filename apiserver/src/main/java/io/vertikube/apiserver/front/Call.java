package io.vertikube.apiserver.front;

import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
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
    private final Function<Throwable, ApiException> translate;
    private final long startNanos = System.nanoTime();
    private final Set<String> warnings = new LinkedHashSet<>();
    private final List<Runnable> endings = new ArrayList<>();
    private volatile UserInfo user = UserInfo.ANONYMOUS;
    private boolean answered;
    private int code;
    private boolean over;

    Call(
            HttpServerRequest request,
            Context context,
            RequestInfo info,
            Query query,
            FrontLimits limits,
            Function<Throwable, ApiException> translate) {
        this.request = request;
        this.context = context;
        this.info = info;
        this.query = query;
        this.limits = limits;
        this.translate = translate;
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

    /** The form the client wants; 406 if there is none. */
    public View view() {
        return View.of(header("Accept"));
    }

    /** Microseconds since the request's head arrived. */
    public long elapsedMicros() {
        return (System.nanoTime() - startNanos) / 1_000;
    }

    /** A sentence for the user beside the answer, sent as a {@code Warning} header (RFC 7234, code 299). */
    public void warn(String sentence) {
        synchronized (warnings) {
            if (warnings.size() < limits.warnings()) {
                warnings.add(sentence);
            }
        }
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
                then.accept(body.getBytes());
            }
        });
    }

    private static ApiException tooLarge(int limit) {
        return ApiErrors.tooLarge("Request entity too large: limit is " + limit);
    }

    /** Does work that may block on a virtual thread and answers with its outcome. */
    public void offload(Callable<Answer> work) {
        Thread.ofVirtual().name("api " + info.verb() + " " + info.path()).start(() -> {
            try {
                answer(work.call());
            } catch (Exception | StackOverflowError e) {
                fail(e);
            }
        });
    }

    /** Answers with a Status. Any thread; only the first answer counts. */
    public void fail(Throwable failure) {
        ApiException told = failure instanceof ApiException known ? known : translate.apply(failure);
        answer(Answer.of(told, View.orJson(header("Accept"))));
    }

    /** Answers. Any thread; only the first answer counts. */
    public void answer(Answer answer) {
        if (answer.body().length() >= limits.gzipFromBytes() && acceptsGzip() && !answer.has("Content-Encoding")) {
            Answer packed = answer.with("Content-Encoding", "gzip").with("Vary", "Accept-Encoding");
            Thread.ofVirtual().start(() -> onContext(() -> write(packed, Gzip.pack(answer.body()))));
        } else {
            onContext(() -> write(answer, answer.body()));
        }
    }

    private boolean acceptsGzip() {
        return header("Accept-Encoding").contains("gzip");
    }

    /** Runs on the call's event loop: now if this is it, else soon. */
    public void onContext(Runnable action) {
        if (context.isEventLoopContext() && context.equals(Vertx.currentContext())) {
            action.run();
        } else {
            context.runOnContext(v -> action.run());
        }
    }

    private void write(Answer answer, Buffer body) {
        if (!begin(answer.code(), answer.contentType())) {
            return;
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
