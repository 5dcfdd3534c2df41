package io.vertikube.scheduler.plugin;

import io.fabric8.kubernetes.api.model.Container;
import io.vertikube.scheduler.snapshot.NodeView;
import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node is better when it has the pod's images. An image counts by its size times the share of nodes that have it, so
 * that one node does not draw all pods of a new image.
 */
final class ImageLocality implements Plugin {

    private static final String NAME = "ImageLocality";
    private static final long LEAST = 23L * 1024 * 1024;
    private static final long MOST_A_CONTAINER = 1000L * 1024 * 1024;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<NodeScore> score(PodView pod, Snapshot snapshot, List<NodeView> left) {
        var images = new ArrayList<String>();
        for (Container container : pod.spec().getContainers()) {
            images.add(normal(container.getImage()));
        }
        double[] spread = new double[images.size()];
        boolean known = false;
        for (int i = 0; i < spread.length; i++) {
            String image = images.get(i);
            long have = left.stream()
                    .filter(node -> node.images().containsKey(image))
                    .count();
            spread[i] = (double) have / Math.max(1, left.size());
            known |= have > 0;
        }
        if (!known) {
            return Optional.empty();
        }
        long most = MOST_A_CONTAINER * images.size();
        return Optional.of(node -> {
            double sum = 0;
            for (int i = 0; i < spread.length; i++) {
                sum += node.images().getOrDefault(images.get(i), 0L) * spread[i];
            }
            long bounded = Math.max(LEAST, Math.min(most, (long) sum));
            return NodeScore.BEST * (bounded - LEAST) / (most - LEAST);
        });
    }

    /** Nodes list images with their tag. */
    private static String normal(@org.jspecify.annotations.Nullable String image) {
        if (image == null) {
            return "";
        }
        return image.lastIndexOf(':') <= image.lastIndexOf('/') && image.indexOf('@') < 0 ? image + ":latest" : image;
    }
}
