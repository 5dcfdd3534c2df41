package io.vertikube.value;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What may be a name, a label or a key ("Object Names and IDs", "Labels and Selectors" in the documentation; RFC 1123,
 * RFC 1035). Every check answers the sentences of what is wrong, none if it is fine. Pure functions.
 */
public final class Names {

    private static final Pattern DNS_1035 = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern WILDCARD =
            Pattern.compile("\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern CONFIG_KEY = Pattern.compile("[-._a-zA-Z0-9]+");
    private static final Pattern ENV_NAME = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");
    private static final Pattern PORT_NAME_CHARS = Pattern.compile("[-a-z0-9]+");
    private static final Pattern LETTER = Pattern.compile("[a-z]");

    private Names() {}

    /** A lowercase RFC 1123 label, at most 63 characters. */
    public static List<String> dnsLabel(String value) {
        return check(
                value,
                63,
                isDnsLabel(value, 0, value.length()),
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start"
                        + " and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for"
                        + " validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')");
    }

    /** An RFC 1035 label (it begins with a letter), at most 63 characters. */
    public static List<String> dns1035(String value) {
        return check(
                value,
                63,
                DNS_1035.matcher(value).matches(),
                "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic"
                        + " character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex"
                        + " used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')");
    }

    /** A lowercase RFC 1123 subdomain, at most 253 characters. */
    public static List<String> dnsSubdomain(String value) {
        return check(
                value,
                253,
                isDnsSubdomain(value),
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and"
                        + " must start and end with an alphanumeric character (e.g. 'example.com', regex used for"
                        + " validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
    }

    /** A subdomain behind {@code *.}. */
    public static List<String> wildcardSubdomain(String value) {
        return check(
                value,
                253,
                WILDCARD.matcher(value).matches(),
                "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must"
                        + " consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric"
                        + " character (e.g. '*.example.com', regex used for validation is"
                        + " '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
    }

    /** {@code [prefix/]name}, the form of label and annotation keys, taints and extended resources. */
    public static List<String> qualifiedName(String value) {
        var problems = new ArrayList<String>(0);
        String[] parts = value.split("/", -1);
        String name;
        if (parts.length == 1) {
            name = parts[0];
        } else if (parts.length == 2) {
            name = parts[1];
            if (parts[0].isEmpty()) {
                problems.add("prefix part must be non-empty");
            } else {
                dnsSubdomain(parts[0]).forEach(p -> problems.add("prefix part " + p));
            }
        } else {
            return List.of("a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start"
                    + " and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex"
                    + " used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS"
                    + " subdomain prefix and '/' (e.g. 'example.com/MyName')");
        }
        if (name.isEmpty()) {
            problems.add("name part must be non-empty");
        } else if (name.length() > 63) {
            problems.add("name part must be no more than 63 characters");
        }
        if (!isQualified(name)) {
            problems.add("name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end"
                    + " with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for"
                    + " validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')");
        }
        return List.copyOf(problems);
    }

    /** A label's key. */
    public static List<String> labelKey(String value) {
        return qualifiedName(value);
    }

    /** A label's value: empty, or at most 63 characters. */
    public static List<String> labelValue(String value) {
        return check(
                value,
                63,
                value.isEmpty() || isQualified(value),
                "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and"
                        + " must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or"
                        + " '12345', regex used for validation is"
                        + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')");
    }

    /** A key of a ConfigMap's or Secret's data: a file name of at most 253 characters. */
    public static List<String> configMapKey(String value) {
        var problems = new ArrayList<>(check(
                value,
                253,
                CONFIG_KEY.matcher(value).matches(),
                "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or"
                        + " 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"));
        if (value.equals(".")) {
            problems.add("must not be '.'");
        } else if (value.equals("..")) {
            problems.add("must not be '..'");
        } else if (value.startsWith("..")) {
            problems.add("must not start with '..'");
        }
        return List.copyOf(problems);
    }

    /** The name of an environment variable: any printable ASCII but {@code =} (relaxed since 1.34). */
    public static List<String> envVarName(String value) {
        if (value.isEmpty()) {
            return List.of("environment variable names must be non-empty");
        }
        boolean printable = value.chars().allMatch(c -> c >= 0x20 && c < 0x7f && c != '=');
        return printable
                ? List.of()
                : List.of("a valid environment variable name must consist only of printable ASCII characters other"
                        + " than '='");
    }

    /** The stricter form that older clients expect; for names made from keys. */
    public static boolean isShellSafeEnvName(String value) {
        return ENV_NAME.matcher(value).matches();
    }

    /** The name of a container's port (RFC 6335): at most 15 characters, at least one letter, no doubled hyphen. */
    public static List<String> portName(String value) {
        var problems = new ArrayList<String>();
        if (value.length() > 15) {
            problems.add("must be no more than 15 characters");
        }
        if (!PORT_NAME_CHARS.matcher(value).matches()) {
            problems.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (!LETTER.matcher(value).find()) {
            problems.add("must contain at least one letter (a-z)");
        }
        if (value.contains("--")) {
            problems.add("must not contain consecutive hyphens");
        }
        if (value.startsWith("-") || value.endsWith("-")) {
            problems.add("must not begin or end with a hyphen");
        }
        return List.copyOf(problems);
    }

    /** A part of a URL path, as RBAC names are: anything but {@code .}, {@code ..}, slashes and percent signs. */
    public static List<String> pathSegment(String value) {
        if (value.equals(".") || value.equals("..")) {
            return List.of("may not be '" + value + "'");
        }
        var problems = new ArrayList<String>();
        if (value.contains("/")) {
            problems.add("may not contain '/'");
        }
        if (value.contains("%")) {
            problems.add("may not contain '%'");
        }
        return List.copyOf(problems);
    }

    private static List<String> check(String value, int max, boolean matches, String sentence) {
        if (matches && value.length() <= max) {
            return List.of();
        }
        var problems = new ArrayList<String>();
        if (value.length() > max) {
            problems.add("must be no more than " + max + " characters");
        }
        if (!matches) {
            problems.add(sentence);
        }
        return List.copyOf(problems);
    }

    /** {@code [a-z0-9]([-a-z0-9]*[a-z0-9])?}; like its neighbours by hand, as every write asks for dozens of them. */
    private static boolean isDnsLabel(String value, int from, int to) {
        if (from == to || value.charAt(from) == '-' || value.charAt(to - 1) == '-') {
            return false;
        }
        for (int i = from; i < to; i++) {
            char c = value.charAt(i);
            if (!isDigit(c) && (c < 'a' || c > 'z') && c != '-') {
                return false;
            }
        }
        return true;
    }

    /** Labels with dots between them. */
    private static boolean isDnsSubdomain(String value) {
        int from = 0;
        for (int dot = value.indexOf('.'); dot >= 0; dot = value.indexOf('.', from)) {
            if (!isDnsLabel(value, from, dot)) {
                return false;
            }
            from = dot + 1;
        }
        return isDnsLabel(value, from, value.length());
    }

    /** {@code ([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]}. */
    private static boolean isQualified(String value) {
        int last = value.length() - 1;
        for (int i = 0; i <= last; i++) {
            char c = value.charAt(i);
            boolean inside = i > 0 && i < last && (c == '-' || c == '_' || c == '.');
            if (!inside && !isDigit(c) && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')) {
                return false;
            }
        }
        return last >= 0;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
