package io.vertikube.apiserver.proxy;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the links of a proxied page lead through the proxy: absolute paths, and addresses of the backend itself, get the
 * proxy's path before them. Pages are rewritten tag by tag as they pass; scripts, styles and comments stay as they are.
 * Confined to one answer.
 */
final class ProxiedLinks {

    /** Attributes that hold a link, by element. */
    private static final Map<String, Set<String>> LINKS = Map.ofEntries(
            Map.entry("a", Set.of("href")),
            Map.entry("area", Set.of("href")),
            Map.entry("audio", Set.of("src")),
            Map.entry("base", Set.of("href")),
            Map.entry("blockquote", Set.of("cite")),
            Map.entry("body", Set.of("background")),
            Map.entry("button", Set.of("formaction")),
            Map.entry("del", Set.of("cite")),
            Map.entry("embed", Set.of("src")),
            Map.entry("form", Set.of("action")),
            Map.entry("frame", Set.of("longdesc", "src")),
            Map.entry("html", Set.of("manifest")),
            Map.entry("iframe", Set.of("longdesc", "src")),
            Map.entry("img", Set.of("longdesc", "src", "usemap")),
            Map.entry("input", Set.of("src", "usemap", "formaction")),
            Map.entry("ins", Set.of("cite")),
            Map.entry("link", Set.of("href")),
            Map.entry("object", Set.of("classid", "codebase", "data", "usemap")),
            Map.entry("q", Set.of("cite")),
            Map.entry("script", Set.of("src")),
            Map.entry("source", Set.of("src")),
            Map.entry("td", Set.of("background")),
            Map.entry("track", Set.of("src")),
            Map.entry("video", Set.of("poster", "src")));

    private static final Pattern ELEMENT = Pattern.compile("<([A-Za-z][A-Za-z0-9]*)");
    private static final Pattern ATTRIBUTE = Pattern.compile("([A-Za-z-]+)(\\s*=\\s*)(\"[^\"]*\"|'[^']*'|[^\\s\"'>]+)");
    private static final int LONGEST_TAG = 16 * 1024;

    private final String backend;
    private final String proxy;
    private final StringBuilder waiting = new StringBuilder();
    private String closing = "";

    /**
     * @param backend the backend's authority, {@code host:port}
     * @param proxy the path of the proxy, without a slash at its end
     */
    ProxiedLinks(String backend, String proxy) {
        this.backend = backend;
        this.proxy = proxy;
    }

    /** Where a link leads through the proxy; what leads elsewhere, or is relative, stays. */
    String link(String link) {
        URI uri;
        try {
            uri = new URI(link.strip());
        } catch (URISyntaxException e) {
            return link;
        }
        String path = uri.getRawPath();
        boolean here = uri.getRawAuthority() == null
                ? uri.getScheme() == null
                : uri.getRawAuthority().equalsIgnoreCase(backend)
                        && (uri.getScheme() == null || uri.getScheme().startsWith("http"));
        if (!here || path == null || (uri.getRawAuthority() == null && !path.startsWith("/"))) {
            return link;
        }
        String through = path.equals(proxy) || path.startsWith(proxy + "/") ? path : proxy + path;
        return through
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery())
                + (uri.getRawFragment() == null ? "" : "#" + uri.getRawFragment());
    }

    /** Takes a piece of a page and gives what can be passed on. */
    byte[] page(byte[] piece) {
        // One byte is one character, so that pages in any encoding that extends ASCII come out as they went in.
        waiting.append(new String(piece, StandardCharsets.ISO_8859_1));
        return passed(false);
    }

    /** The page is over: what is left. */
    byte[] end() {
        return passed(true);
    }

    private byte[] passed(boolean last) {
        var out = new StringBuilder();
        int at = 0;
        while (at < waiting.length()) {
            int next = step(at, out, last);
            if (next < 0) {
                break;
            }
            at = next;
        }
        waiting.delete(0, at);
        return out.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Passes on the text or tag that begins here and answers where it ends; negative if it is not all there yet. */
    private int step(int at, StringBuilder out, boolean last) {
        if (!closing.isEmpty()) {
            int end = indexOf(closing, at);
            int upTo = end >= 0 ? end : last ? waiting.length() : Math.max(at, waiting.length() - closing.length());
            out.append(waiting, at, upTo);
            if (end >= 0) {
                closing = "";
            }
            return upTo > at || end >= 0 ? upTo : -1;
        }
        int open = waiting.indexOf("<", at);
        if (open != at) {
            int upTo = open < 0 ? waiting.length() : open;
            out.append(waiting, at, upTo);
            return upTo;
        }
        if (waiting.length() - at < 4 && !last) {
            return -1;
        }
        if (waiting.indexOf("<!--", at) == at) {
            out.append("<!--");
            closing = "-->";
            return at + 4;
        }
        int end = tagEnd(at);
        if (end < 0) {
            if (!last && waiting.length() - at < LONGEST_TAG) {
                return -1;
            }
            out.append(waiting, at, waiting.length());
            return waiting.length();
        }
        out.append(tag(waiting.substring(at, end)));
        return end;
    }

    /** Ignores case: the ends of scripts and styles may be written in any. */
    private int indexOf(String text, int from) {
        return waiting.substring(from).toLowerCase(Locale.ROOT).indexOf(text) < 0
                ? -1
                : from + waiting.substring(from).toLowerCase(Locale.ROOT).indexOf(text);
    }

    private int tagEnd(int at) {
        char quote = 0;
        for (int i = at + 1; i < waiting.length(); i++) {
            char c = waiting.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '>') {
                return i + 1;
            }
        }
        return -1;
    }

    private String tag(String tag) {
        Matcher element = ELEMENT.matcher(tag);
        if (!element.lookingAt()) {
            return tag;
        }
        String name = element.group(1).toLowerCase(Locale.ROOT);
        if ((name.equals("script") || name.equals("style")) && !tag.endsWith("/>")) {
            closing = "</" + name;
        }
        Set<String> links = LINKS.get(name);
        if (links == null) {
            return tag;
        }
        return ATTRIBUTE
                .matcher(tag)
                .replaceAll(found -> Matcher.quoteReplacement(
                        links.contains(found.group(1).toLowerCase(Locale.ROOT))
                                ? found.group(1) + found.group(2) + value(found.group(3))
                                : found.group()));
    }

    private String value(String written) {
        char quote = written.charAt(0);
        if (quote != '"' && quote != '\'') {
            return link(written);
        }
        String text = written.substring(1, written.length() - 1);
        String changed = link(text.replace("&amp;", "&"));
        return changed.equals(text.replace("&amp;", "&")) ? written : quote + changed.replace("&", "&amp;") + quote;
    }
}
