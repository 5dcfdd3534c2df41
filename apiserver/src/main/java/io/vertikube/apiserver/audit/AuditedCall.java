package io.vertikube.apiserver.audit;

import io.vertikube.apiserver.front.Answer;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.CallWitness;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One call on its way, seen by the trail: an event a stage that the rule does not leave out. Confined to its call. */
final class AuditedCall implements CallWitness {

    private static final int SWITCHING_PROTOCOLS = 101;

    private final Call call;
    private final AuditEvent.Subject subject;
    private final AuditRule rule;
    private final InstantSource clock;
    private final Consumer<AuditEvent> trail;
    private volatile byte @Nullable [] sent;
    private volatile @Nullable Answer answer;
    private volatile boolean broken;

    AuditedCall(
            Call call, AuditEvent.Subject subject, AuditRule rule, InstantSource clock, Consumer<AuditEvent> trail) {
        this.call = call;
        this.subject = subject;
        this.rule = rule;
        this.clock = clock;
        this.trail = trail;
    }

    void begin() {
        tell(AuditStage.REQUEST_RECEIVED, 0);
        call.onEnd(() -> {
            int code = call.code() == 0 && subject.info().longRunning() ? SWITCHING_PROTOCOLS : call.code();
            tell(broken ? AuditStage.PANIC : AuditStage.RESPONSE_COMPLETE, code);
        });
    }

    @Override
    public void sent(byte[] body) {
        sent = body;
    }

    @Override
    public void began(int code) {
        if (subject.info().longRunning() && code < 400) {
            tell(AuditStage.RESPONSE_STARTED, code);
        }
    }

    @Override
    public void answered(Answer whole) {
        answer = whole;
    }

    @Override
    public void broke() {
        broken = true;
    }

    private void tell(AuditStage stage, int code) {
        if (!rule.omitStages().contains(stage)) {
            trail.accept(
                    new AuditEvent(subject, rule, stage, clock.instant(), code, sent, answer, "", call.annotations()));
        }
    }
}
