package io.vertikube.kubelet.env;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code $(NAME)} in environment values, commands and arguments; {@code $$} is a dollar, and a name that is not known
 * stays as it is written (API reference, EnvVar.value). Pure functions.
 */
public final class Expansion {

    private Expansion() {}

    public static String expand(String text, Function<String, @Nullable String> values) {
        var result = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '$' || at + 1 == text.length()) {
                result.append(c);
                at++;
                continue;
            }
            char next = text.charAt(at + 1);
            int end = next == '(' ? text.indexOf(')', at + 2) : -1;
            if (next == '$') {
                result.append('$');
                at += 2;
            } else if (end >= 0) {
                String value = values.apply(text.substring(at + 2, end));
                result.append(value == null ? text.substring(at, end + 1) : value);
                at = end + 1;
            } else {
                result.append(c);
                at++;
            }
        }
        return result.toString();
    }
}
