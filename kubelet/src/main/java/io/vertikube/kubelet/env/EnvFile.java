package io.vertikube.kubelet.env;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A file of variables ("Env file syntax" in the documentation): each {@code NAME='value'}, whose value has all that stands
 * between the quotes, line ends too; lines that begin with {@code #} say nothing. What a shell would read otherwise is
 * refused. Confined to one thread.
 */
final class EnvFile {

    private final String text;
    private int at;

    private EnvFile(String text) {
        this.text = text;
    }

    /** Its variables in their order, of one that is there twice the later; {@link ConfigProblem} names the line. */
    static Map<String, String> parse(String text) {
        return new EnvFile(text).variables();
    }

    private Map<String, String> variables() {
        Map<String, String> found = new LinkedHashMap<>();
        while (skipSpace(true)) {
            if (text.charAt(at) == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else {
                String name = name();
                found.put(name, value(name));
            }
        }
        return found;
    }

    private String name() {
        int start = at;
        while (at < text.length() && text.charAt(at) != '=' && text.charAt(at) != '\n') {
            at++;
        }
        if (at == text.length() || text.charAt(at) != '=') {
            throw problem(start, "has no \"=\"");
        }
        String name = text.substring(start, at).strip();
        if (name.isEmpty() || name.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw problem(start, "has a name that is none: \"" + name + "\"");
        }
        at++;
        return name;
    }

    private String value(String name) {
        if (!skipSpace(false) || text.charAt(at) != '\'') {
            throw problem(at, "has a value of \"" + name + "\" that is not in single quotes");
        }
        int end = text.indexOf('\'', at + 1);
        if (end < 0) {
            throw problem(at, "begins a value of \"" + name + "\" that has no end");
        }
        String value = text.substring(at + 1, end);
        at = end + 1;
        if (skipSpace(false) && text.charAt(at) != '\n') {
            throw problem(at, "has more than one value of \"" + name + "\" in single quotes");
        }
        return value;
    }

    /** Goes on to what is no space; whether there is anything. */
    private boolean skipSpace(boolean lineEnds) {
        while (at < text.length()
                && (text.charAt(at) == ' '
                        || text.charAt(at) == '\t'
                        || text.charAt(at) == '\r'
                        || (lineEnds && text.charAt(at) == '\n'))) {
            at++;
        }
        return at < text.length();
    }

    private ConfigProblem problem(int position, String what) {
        long line = text.substring(0, position).chars().filter(c -> c == '\n').count() + 1;
        return new ConfigProblem("line " + line + " " + what);
    }
}
