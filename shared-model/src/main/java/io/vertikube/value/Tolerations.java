package io.vertikube.value;

import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which taints a pod puts up with ("Taints and Tolerations" in the documentation). Pure functions. */
public final class Tolerations {

    private Tolerations() {}

    /** Whether one of them tolerates the taint. */
    public static boolean tolerate(@Nullable List<Toleration> tolerations, Taint taint) {
        if (tolerations != null) {
            for (Toleration toleration : tolerations) {
                if (tolerates(toleration, taint)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** An empty effect or key stands for all; only {@code Exists} may leave out the key. */
    public static boolean tolerates(Toleration toleration, Taint taint) {
        String effect = text(toleration.getEffect());
        String key = text(toleration.getKey());
        if ((!effect.isEmpty() && !effect.equals(taint.getEffect()))
                || (!key.isEmpty() && !key.equals(taint.getKey()))) {
            return false;
        }
        return "Exists".equals(toleration.getOperator())
                || (!key.isEmpty() && text(toleration.getValue()).equals(text(taint.getValue())));
    }

    private static String text(@Nullable String text) {
        return Objects.requireNonNullElse(text, "");
    }
}
