package io.vertikube.apiserver.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.authz.Decision;
import io.vertikube.apiserver.chain.AuditTrail;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.schema.BinaryReader;
import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.object.ApiException;
import io.vertx.core.Vertx;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The audit trail of a server: a policy, and where its events go. Requests only note what they are; rendering and writing
 * are done beside them. Safe for any thread.
 */
public final class Audit implements AuditTrail, AutoCloseable {

    private static final String DECISION = "authorization.k8s.io/decision";
    private static final String REASON = "authorization.k8s.io/reason";

    private final AuditPolicy policy;
    private final InstantSource clock;
    private final AuditQueue queue;
    private final Counter events;
    private final @Nullable ApiClient webhook;

    private Audit(
            AuditPolicy policy, InstantSource clock, AuditQueue queue, Counter events, @Nullable ApiClient webhook) {
        this.policy = policy;
        this.clock = clock;
        this.queue = queue;
        this.events = events;
        this.webhook = webhook;
    }

    /**
     * Opens it.
     *
     * @throws IllegalArgumentException for a policy, a path or a kubeconfig that is none; names the flag and the field
     */
    public static Audit open(
            AuditOptions options, Vertx vertx, BinaryReader binary, InstantSource clock, MeterRegistry meters) {
        if (options.policy() == null) {
            throw new IllegalArgumentException("--audit-policy-file is needed");
        }
        AuditPolicy policy = policy(options.policy());
        Counter failed = Counter.builder("apiserver.audit.error").register(meters);
        var sinks = new ArrayList<AuditSink>();
        ApiClient client = null;
        if (options.log().equals("-")) {
            sinks.add(new LogSink(new FileOutputStream(FileDescriptor.out)));
        } else if (!options.log().isEmpty()) {
            sinks.add(file(options, clock));
        }
        if (options.webhook() != null) {
            KubeConfig config = kubeConfig(options.webhook());
            ApiClient service = ApiClient.connect(vertx, config, "kube-apiserver");
            client = service;
            String path = config.server().getRawPath();
            sinks.add(new WebhookSink(
                    body -> service.raw("POST", path.isEmpty() ? "/" : path, "application/json", body),
                    options.limits(),
                    failed::increment));
        }
        var queue = new AuditQueue(
                options.limits().waiting(), new EventRenderer(new AuditBodies(binary)), sinks, failed::increment);
        return new Audit(
                policy, clock, queue, Counter.builder("apiserver.audit.event").register(meters), client);
    }

    @Override
    public void received(Call call, String id) {
        UserInfo caller = call.caller();
        AuditRule rule = policy.of(caller, call.info());
        if (rule.level() == AuditLevel.NONE) {
            return;
        }
        UserInfo impersonated = call.user().equals(caller) ? null : call.user();
        var audited = new AuditedCall(call, subject(call, id, caller, impersonated), rule, clock, this::tell);
        call.witness(audited);
        audited.begin();
    }

    @Override
    public void refused(Call call, String id, ApiException why) {
        if (why.code() != 401) {
            received(call, id);
            return;
        }
        AuditRule rule = policy.of(UserInfo.ANONYMOUS, call.info());
        if (rule.level() == AuditLevel.NONE || rule.omitStages().contains(AuditStage.RESPONSE_STARTED)) {
            return;
        }
        String message = call.header("Authorization").isEmpty()
                ? "Authentication failed, no credentials provided"
                : "Authentication failed, attempted: bearer";
        tell(new AuditEvent(
                subject(call, id, null, null),
                rule,
                AuditStage.RESPONSE_STARTED,
                clock.instant(),
                why.code(),
                null,
                null,
                message,
                Map.of()));
    }

    @Override
    public void decided(Call call, Decision decision) {
        if (call.isWitnessed()) {
            call.annotate(DECISION, decision.allowed() ? "allow" : "forbid");
            call.annotate(REASON, decision.reason());
        }
    }

    private void tell(AuditEvent event) {
        events.increment();
        queue.add(event);
    }

    private AuditEvent.Subject subject(Call call, String id, @Nullable UserInfo user, @Nullable UserInfo impersonated) {
        return new AuditEvent.Subject(
                id,
                call.info(),
                call.request().uri(),
                user,
                impersonated,
                sources(call),
                call.header("User-Agent"),
                call.header("Content-Type"),
                clock.instant());
    }

    /** Whom proxies on the way name, then who is at the other end of the connection. */
    private static List<String> sources(Call call) {
        var sources = new ArrayList<String>();
        for (String forwarded : call.header("X-Forwarded-For").split(",")) {
            add(sources, forwarded.strip());
        }
        add(sources, call.header("X-Real-Ip").strip());
        var peer = call.request().remoteAddress();
        add(sources, peer == null || peer.hostAddress() == null ? "" : peer.hostAddress());
        return sources;
    }

    private static void add(List<String> sources, String address) {
        if (!address.isEmpty() && (sources.isEmpty() || !sources.getLast().equals(address))) {
            sources.add(address);
        }
    }

    private static AuditPolicy policy(Path file) {
        try {
            return PolicyReader.read(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("--audit-policy-file " + file + " cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--audit-policy-file " + file + ": " + e.getMessage(), e);
        }
    }

    private static LogSink file(AuditOptions options, InstantSource clock) {
        try {
            return new LogSink(new RotatedFile(Path.of(options.log()), options.keeping(), clock));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "--audit-log-path " + options.log() + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private static KubeConfig kubeConfig(Path file) {
        try {
            return KubeConfig.load(file);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("--audit-webhook-config-file: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        queue.close();
        if (webhook != null) {
            webhook.close();
        }
    }
}
