package io.vertikube.apiserver.admission;

import java.util.List;

/**
 * Plugins in their order. The caller runs {@link #mutate}, then the kind's validation, then {@link #validate}, then
 * stores, then {@link #stored}; if anything after mutate fails it calls {@link #undo}. Immutable, safe for any thread.
 */
public final class AdmissionChain {

    private final List<AdmissionPlugin> plugins;

    public AdmissionChain(List<AdmissionPlugin> plugins) {
        this.plugins = List.copyOf(plugins);
    }

    public void mutate(AdmissionRequest request) {
        plugins.forEach(p -> p.mutate(request));
        if (request.notes().touched()) {
            request.notes().beginAgain();
            plugins.stream().filter(AdmissionPlugin::mutatesAgain).forEach(p -> p.mutate(request));
        }
    }

    public void validate(AdmissionRequest request) {
        plugins.forEach(p -> p.validate(request));
    }

    /** The write failed after {@link #mutate}. */
    public void undo(AdmissionRequest request) {
        plugins.forEach(p -> p.undo(request));
    }

    /** The write is in the store (for DELETE: the object is gone). */
    public void stored(AdmissionRequest request) {
        plugins.forEach(p -> p.stored(request));
    }

    /** The names, in order. */
    public List<String> names() {
        return plugins.stream().map(AdmissionPlugin::name).toList();
    }
}
