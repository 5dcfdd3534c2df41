package io.vertikube.controller.attachdetach;

import static io.vertikube.controller.Fixtures.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.controller.attachdetach.AttachPlan.Action;
import io.vertikube.controller.attachdetach.AttachPlan.Attachment;
import io.vertikube.controller.attachdetach.AttachPlan.NodeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AttachPlanTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");

    /**
     * Wanted nodes; nodes it is attached to (- leaving, u in use, o out of service, n not ready, g gone behind a colon); minutes
     * since it was last needed; what is done.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "once   | a   |           | 0 | attach a",
                "once   |     | a:        | 0 | detach a",
                "once   |     | a:u       | 0 | ''",
                "once   |     | a:-       | 0 | ''",
                "once   | a   | a:u       | 0 | ''",
                "once   | a   | a:-       | 0 | ''",
                "once   | b   | a:u       | 0 | refuse b",
                "once   | b   | a:-       | 0 | refuse b",
                "once   | b   | a:        | 0 | detach a; refuse b",
                "once   | b   | a:g       | 0 | detach a; refuse b",
                "once   | b   | a:uo      | 0 | force a; refuse b",
                "once   | b   | a:un      | 5 | refuse b; again in 1",
                "once   | b   | a:un      | 6 | force a; refuse b",
                "once   | a,b |           | 0 | attach a; refuse b",
                "shared | a,b |           | 0 | attach a; attach b",
                "shared | b   | a:u       | 0 | attach b",
                "shared | a,b | a:u,c:    | 0 | detach c; attach b"
            })
    void whereItGoes(String kind, String wanted, String attached, int minutes, String expected) {
        Map<String, List<Pod>> pods = new HashMap<>();
        for (String node : split(wanted)) {
            pods.put(node, List.of(pod("p-" + node)));
        }
        var attachments = new ArrayList<Attachment>();
        Map<String, NodeView> nodes = new HashMap<>();
        Map<String, Instant> since = new HashMap<>();
        for (String text : split(attached)) {
            String node = text.substring(0, 1);
            attachments.add(new Attachment("va-" + node, node, text.contains("-")));
            since.put("va-" + node, NOW.minusSeconds(60L * minutes));
            if (!text.contains("g")) {
                nodes.put(node, new NodeView(text.contains("u"), text.contains("o"), !text.contains("n")));
            }
        }
        AttachPlan plan =
                AttachPlan.of(new AttachPlan.Input("pv", kind.equals("shared"), pods, attachments, nodes, since, NOW));
        var done = new ArrayList<>(
                plan.actions().stream().map(AttachPlanTest::text).toList());
        plan.again().ifPresent(at -> done.add("again in " + (at.getEpochSecond() - NOW.getEpochSecond()) / 60));
        assertThat(String.join("; ", done))
                .isEqualTo(Optional.ofNullable(expected).orElse(""));
    }

    @Test
    void theRefusalNamesWhoHasIt() {
        Pod here = pod("here");
        Pod friend = pod("friend");
        Pod stranger = pod("stranger");
        stranger.getMetadata().setNamespace("elsewhere");
        assertThat(refusal(Map.of("b", List.of(here))))
                .isEqualTo("Multi-Attach error for volume \"pv\" Volume is already exclusively attached to one node and"
                        + " can't be attached to another");
        assertThat(refusal(Map.of("a", List.of(friend), "b", List.of(here))))
                .isEqualTo("Multi-Attach error for volume \"pv\" Volume is already used by pod(s) friend");
        assertThat(refusal(Map.of("a", List.of(friend, stranger), "b", List.of(here))))
                .isEqualTo(
                        "Multi-Attach error for volume \"pv\" Volume is already used by pod(s) friend and 1 pod(s) in"
                                + " different namespaces");
        assertThat(refusal(Map.of("a", List.of(stranger), "b", List.of(here))))
                .isEqualTo("Multi-Attach error for volume \"pv\" Volume is already used by 1 pod(s) in different"
                        + " namespaces");
    }

    private static String refusal(Map<String, List<Pod>> wanted) {
        AttachPlan plan = AttachPlan.of(new AttachPlan.Input(
                "pv",
                false,
                wanted,
                List.of(new Attachment("va-a", "a", false)),
                Map.of("a", new NodeView(true, false, true)),
                Map.of(),
                NOW));
        return plan.actions().stream()
                .filter(Action.Refuse.class::isInstance)
                .map(action -> ((Action.Refuse) action).message())
                .findFirst()
                .orElseThrow();
    }

    private static String text(Action action) {
        return switch (action) {
            case Action.Attach(String node) -> "attach " + node;
            case Action.Detach(String name, String node, boolean forced) -> (forced ? "force " : "detach ") + node;
            case Action.Refuse(Pod pod, String message) ->
                "refuse " + pod.getMetadata().getName().substring(2);
        };
    }

    private static String[] split(String text) {
        return text == null || text.isBlank() ? new String[0] : text.strip().split(",");
    }
}
