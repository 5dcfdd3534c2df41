package io.vertikube.e2e.simulation;

import java.util.List;

/** Something did not hold. The message says what, after which steps of which seed, and what the object lived through. */
public final class BrokenInvariant extends AssertionError {

    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 5;
    private static final int STEPS = 12;

    private BrokenInvariant(String message) {
        super(message);
    }

    static BrokenInvariant of(
            Simulation.Settings settings,
            int step,
            List<Plan.Timed> plan,
            List<History.Violation> violations,
            History history) {
        var text = new StringBuilder("seed " + settings.seed() + ", " + settings.nodes() + " nodes, " + settings.steps()
                + " steps: " + violations.size() + " violations by step " + step + "\n");
        for (History.Violation violation : violations.subList(0, Math.min(SHOWN, violations.size()))) {
            text.append("\n\"").append(violation.invariant()).append("\" in step ");
            text.append(violation.step()).append(" at ").append(violation.at()).append(": ");
            text.append(violation.finding()).append('\n');
            for (String line : history.story(violation.finding().about())) {
                text.append("    ").append(line).append('\n');
            }
        }
        text.append("\nlast steps:\n");
        for (int i = Math.max(0, step - STEPS); i <= Math.min(step, plan.size() - 1); i++) {
            text.append("    ").append(i).append(": ").append(plan.get(i)).append('\n');
        }
        text.append("replay: deploy/bench simulation --seeds 1 --seed ").append(settings.seed());
        text.append(" --nodes ").append(settings.nodes()).append(" --steps ").append(settings.steps());
        text.append(" --quantum-millis ").append(settings.quantum().toMillis());
        return new BrokenInvariant(text.toString());
    }
}
