package io.vertikube.kubelet.images;

import io.vertikube.kubelet.runtime.Image;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a pod may have an image that is there without asking its registry: who pulled it with credentials did so for
 * those who have the same. Safe for any thread.
 */
public final class ImageGuard {

    private static final Logger LOG = LoggerFactory.getLogger(ImageGuard.class);

    private final ImageAccess access;
    private final PullRecords records;

    public ImageGuard(ImageAccess access, PullRecords records) {
        this.access = access;
        this.records = records;
    }

    /** @param secrets what the pod has for the image's registry; asked for only if it matters */
    public boolean mayHave(String reference, Image image, Supplier<List<SecretUse>> secrets) {
        String repository = ImageName.repository(reference);
        Optional<PulledImage> pulled = records.of(image.id());
        Optional<PulledImage.Users> users = pulled.map(known -> known.users().get(repository));
        boolean isPreloaded = users.isEmpty()
                && !records.isPulling(reference)
                && (pulled.isEmpty() || (pulled.get().isReadable() && isCalled(image, repository)));
        if (!access.mustBeShown(repository, isPreloaded)) {
            return true;
        }
        PulledImage.Users known = users.orElse(PulledImage.Users.NOBODY);
        return known.everybody() || secrets.get().stream().anyMatch(known::includes);
    }

    /** Whether the runtime knows it by this name, which then no pull brought; who names it by its id alone shows nothing. */
    private static boolean isCalled(Image image, String repository) {
        return Stream.concat(image.tags().stream(), image.digests().stream())
                .anyMatch(name -> ImageName.repository(name).equals(repository));
    }

    /** Must be called before a pull, which is not to be made if this fails. */
    public void begins(String reference) throws IOException {
        records.begin(reference);
    }

    /** @param with the Secret that let it be pulled; empty: nobody's credentials did */
    public void pulled(String reference, String id, Optional<SecretUse> with) {
        try {
            records.pulled(reference, id, with);
        } catch (IOException e) {
            LOG.warn("whose {} is cannot be noted; it is pulled again for each pod: {}", reference, e.getMessage());
        }
    }

    public void failed(String reference) {
        try {
            records.ended(reference);
        } catch (IOException e) {
            LOG.warn("that {} was not pulled cannot be noted: {}", reference, e.getMessage());
        }
    }
}
