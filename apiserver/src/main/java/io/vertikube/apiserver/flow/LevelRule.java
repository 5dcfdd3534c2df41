package io.vertikube.apiserver.flow;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.StoredObject;

/**
 * What a priority level is told to do. Immutable.
 *
 * @param shares its part of all seats, beside the others' parts
 * @param lendablePercent of its seats that others may use while it does not
 * @param borrowingPercent of its seats that it may have more while others do not use theirs; -1 for any
 * @param queues 0 where what is too much is refused at once
 */
record LevelRule(
        String name,
        String uid,
        boolean exempt,
        int shares,
        int lendablePercent,
        int borrowingPercent,
        int queues,
        int handSize,
        int queueLength) {

    static LevelRule of(StoredObject stored) {
        JsonNode tree = stored.tree();
        JsonNode spec = tree.path("spec");
        boolean exempt = spec.path("type").asText().equals("Exempt");
        JsonNode part = spec.path(exempt ? "exempt" : "limited");
        JsonNode response = part.path("limitResponse");
        boolean queue = response.path("type").asText().equals("Queue");
        JsonNode queuing = response.path("queuing");
        int queues = queue ? queuing.path("queues").asInt(64) : 0;
        return new LevelRule(
                stored.name(),
                Trees.text(tree, "metadata", "uid"),
                exempt,
                part.path("nominalConcurrencyShares").asInt(exempt ? 0 : 30),
                part.path("lendablePercent").asInt(0),
                part.path("borrowingLimitPercent").asInt(-1),
                queues,
                Math.min(queues, queuing.path("handSize").asInt(8)),
                queuing.path("queueLengthLimit").asInt(50));
    }

    boolean queuesLike(LevelRule other) {
        return queues == other.queues && handSize == other.handSize;
    }
}
