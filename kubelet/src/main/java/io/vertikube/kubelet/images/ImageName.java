package io.vertikube.kubelet.images;

/** What an image reference names. Pure functions. */
public final class ImageName {

    private static final String DEFAULT_HOST = "docker.io";

    private ImageName() {}

    /** The registry a reference names, with its port; {@code docker.io} if it names none. */
    public static String host(String reference) {
        int slash = reference.indexOf('/');
        String first = slash < 0 ? "" : reference.substring(0, slash);
        return first.contains(".") || first.contains(":") || first.equals("localhost") ? first : DEFAULT_HOST;
    }

    /** Registry and path without tag and digest, as {@code docker.io/library/busybox}. */
    public static String repository(String reference) {
        String name = reference.split("@", 2)[0];
        int colon = name.lastIndexOf(':');
        return withHost(colon > name.lastIndexOf('/') ? name.substring(0, colon) : name);
    }

    /** The same reference with what it leaves out of registry and path. */
    static String withHost(String reference) {
        if (reference.startsWith(host(reference) + "/")) {
            String rest = reference.substring(reference.indexOf('/') + 1);
            return host(reference).equals(DEFAULT_HOST) && !rest.contains("/")
                    ? DEFAULT_HOST + "/library/" + rest
                    : reference;
        }
        return DEFAULT_HOST + "/" + (reference.contains("/") ? "" : "library/") + reference;
    }
}
