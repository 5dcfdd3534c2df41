package io.vertikube.kubelet.runtime.simulated;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads a script into statements. What it does not know is {@link Unsupported}. Pure. */
final class ToyScript {

    /** Something that the toy shell does not understand. */
    static final class Unsupported extends Exception {
        private static final long serialVersionUID = 1L;

        Unsupported(String what) {
            super(what);
        }
    }

    /** On what outcome of the statement before it a statement runs. */
    enum When {
        ALWAYS,
        SUCCESS,
        FAILURE
    }

    /** Where the output of a command goes. */
    enum Output {
        OUT,
        ERR,
        NOWHERE
    }

    /** A statement; words are as they were written, with their quotes. */
    sealed interface Statement {

        When when();

        record Simple(When when, List<String> words, Output output) implements Statement {
            public Simple {
                words = List.copyOf(words);
            }
        }

        record While(When when, boolean until, List<Statement> condition, List<Statement> body) implements Statement {
            public While {
                condition = List.copyOf(condition);
                body = List.copyOf(body);
            }
        }

        record For(When when, String name, List<String> words, List<Statement> body) implements Statement {
            public For {
                words = List.copyOf(words);
                body = List.copyOf(body);
            }
        }
    }

    private static final Set<String> SEPARATORS = Set.of(";", "&&", "||");
    private static final Set<String> RESERVED =
            Set.of("if", "then", "else", "elif", "fi", "case", "esac", "function", "{", "}", "!", "do", "done", "trap");

    private final List<String> tokens;
    private int at;

    private ToyScript(List<String> tokens) {
        this.tokens = tokens;
    }

    static List<Statement> parse(String text) throws Unsupported {
        var script = new ToyScript(new Lexer(text).tokens());
        List<Statement> all = script.statements("");
        if (script.at < script.tokens.size()) {
            throw new Unsupported(script.tokens.get(script.at));
        }
        return all;
    }

    private List<Statement> statements(String until) throws Unsupported {
        List<Statement> all = new ArrayList<>();
        When when = When.ALWAYS;
        while (at < tokens.size() && !tokens.get(at).equals(until)) {
            String token = tokens.get(at);
            if (SEPARATORS.contains(token)) {
                when = token.equals("&&") ? When.SUCCESS : token.equals("||") ? When.FAILURE : When.ALWAYS;
                at++;
            } else {
                all.add(statement(when));
                when = When.ALWAYS;
            }
        }
        return all;
    }

    private Statement statement(When when) throws Unsupported {
        String first = tokens.get(at);
        if (first.equals("while") || first.equals("until")) {
            at++;
            List<Statement> condition = statements("do");
            return new Statement.While(when, first.equals("until"), condition, body());
        }
        if (first.equals("for")) {
            at++;
            String name = next();
            if (!next().equals("in")) {
                throw new Unsupported("for");
            }
            List<String> words = new ArrayList<>();
            while (at < tokens.size() && !SEPARATORS.contains(tokens.get(at))) {
                words.add(next());
            }
            at++;
            return new Statement.For(when, name, words, body());
        }
        if (RESERVED.contains(first)) {
            throw new Unsupported(first);
        }
        return simple(when);
    }

    private Statement simple(When when) throws Unsupported {
        List<String> words = new ArrayList<>();
        Output output = Output.OUT;
        while (at < tokens.size() && !SEPARATORS.contains(tokens.get(at))) {
            String word = next();
            switch (word) {
                case ">&2", "1>&2" -> output = Output.ERR;
                case "2>&1", "2>/dev/null" -> {}
                case ">/dev/null", "1>/dev/null" -> output = Output.NOWHERE;
                default -> words.add(word);
            }
        }
        return new Statement.Simple(when, words, output);
    }

    private List<Statement> body() throws Unsupported {
        if (!next().equals("do")) {
            throw new Unsupported("a loop without do");
        }
        List<Statement> body = statements("done");
        if (!next().equals("done")) {
            throw new Unsupported("a loop without done");
        }
        return body;
    }

    private String next() throws Unsupported {
        if (at >= tokens.size()) {
            throw new Unsupported("the script ends too early");
        }
        return tokens.get(at++);
    }

    /** Cuts a script into words and separators; a redirection is one token without blanks. */
    private static final class Lexer {
        private final String text;
        private final List<String> tokens = new ArrayList<>();
        private final StringBuilder word = new StringBuilder();
        private int i;

        Lexer(String text) {
            this.text = text;
        }

        List<String> tokens() throws Unsupported {
            while (i < text.length()) {
                char c = text.charAt(i);
                switch (c) {
                    case ' ', '\t', '\r' -> blank();
                    case '\n', ';' -> separator(";", 1);
                    case '#' -> comment();
                    case '\'', '"' -> quoted(c);
                    case '$' -> dollar();
                    case '&' -> and();
                    case '|' -> pipe();
                    case '\\' -> escaped();
                    case '(', ')', '`', '<' -> throw new Unsupported(String.valueOf(c));
                    default -> {
                        word.append(c);
                        i++;
                    }
                }
            }
            flush();
            return tokens;
        }

        /** {@code > /dev/null} may be written with a blank. */
        private void blank() {
            i++;
            if (word.isEmpty() || word.charAt(word.length() - 1) != '>') {
                flush();
            }
        }

        private void separator(String token, int length) {
            flush();
            tokens.add(token);
            i += length;
        }

        private void comment() {
            if (!word.isEmpty()) {
                word.append('#');
                i++;
                return;
            }
            while (i < text.length() && text.charAt(i) != '\n') {
                i++;
            }
        }

        private void quoted(char quote) throws Unsupported {
            int end = i + 1;
            while (end < text.length() && text.charAt(end) != quote) {
                end += quote == '"' && text.charAt(end) == '\\' ? 2 : 1;
            }
            if (end >= text.length()) {
                throw new Unsupported("an open quote");
            }
            word.append(text, i, end + 1);
            i = end + 1;
        }

        private void dollar() throws Unsupported {
            if (i + 1 >= text.length() || text.charAt(i + 1) != '(') {
                word.append('$');
                i++;
                return;
            }
            int depth = 0;
            int end = i + 1;
            do {
                if (end >= text.length()) {
                    throw new Unsupported("an open bracket");
                }
                char c = text.charAt(end++);
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            } while (depth > 0);
            word.append(text, i, end);
            i = end;
        }

        private void and() throws Unsupported {
            if (text.startsWith("&&", i)) {
                separator("&&", 2);
            } else if (!word.isEmpty() && word.charAt(word.length() - 1) == '>') {
                word.append('&');
                i++;
            } else {
                throw new Unsupported("&");
            }
        }

        private void pipe() throws Unsupported {
            if (!text.startsWith("||", i)) {
                throw new Unsupported("|");
            }
            separator("||", 2);
        }

        private void escaped() {
            if (text.startsWith("\\\n", i)) {
                i += 2;
                return;
            }
            word.append(text, i, Math.min(text.length(), i + 2));
            i += 2;
        }

        private void flush() {
            if (!word.isEmpty()) {
                tokens.add(word.toString());
                word.setLength(0);
            }
        }
    }
}
