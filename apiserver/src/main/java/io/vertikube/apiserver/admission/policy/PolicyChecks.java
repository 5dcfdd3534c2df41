package io.vertikube.apiserver.admission.policy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.schema.Schemas;
import io.vertikube.apiserver.storage.Follower;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.RevisionMismatch;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.catalog.Catalog;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the stored validating policies and writes into their status what a check of types found, once a generation.
 * Every server runs one; what they write is fenced by revision and the same. Its state belongs to its one virtual thread.
 */
public final class PolicyChecks implements AutoCloseable, Follower.Work {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyChecks.class);
    private static final String PREFIX = "/registry/admissionregistration.k8s.io/validatingadmissionpolicies/";

    private final ObjectStorage storage;
    private final Supplier<Catalog> catalog;
    private final Schemas schemas;
    private final Supplier<CelEngine> engine;
    private final Follower follower;

    public PolicyChecks(ObjectStorage storage, Supplier<Catalog> catalog, Schemas schemas, Supplier<CelEngine> engine) {
        this.storage = storage;
        this.catalog = catalog;
        this.schemas = schemas;
        this.engine = engine;
        this.follower = new Follower("policy checks", storage, PREFIX, this);
    }

    public void start() {
        follower.start();
    }

    @Override
    public @Nullable Duration look(boolean news) {
        for (StoredObject stored : storage.snapshot(Read.any()).under(PREFIX).values()) {
            ObjectNode policy = stored.tree();
            long generation = policy.path("metadata").path("generation").asLong();
            if (policy.path("status").path("observedGeneration").asLong() != generation) {
                try {
                    write(stored, policy, generation);
                } catch (RevisionMismatch e) {
                    LOG.debug("{} has changed meanwhile: its next form is checked", stored.key());
                } catch (RuntimeException e) {
                    LOG.warn("the types of {} could not be checked: {}", stored.key(), e.getMessage());
                }
            }
        }
        return null;
    }

    private void write(StoredObject stored, ObjectNode policy, long generation) {
        ArrayNode warnings = TypeCheck.warnings(policy.path("spec"), catalog.get(), schemas, engine.get());
        ObjectNode status = Trees.object(policy, "status");
        status.put("observedGeneration", generation);
        ObjectNode checking = status.putObject("typeChecking");
        if (!warnings.isEmpty()) {
            checking.set("expressionWarnings", warnings);
        }
        storage.update(stored.key(), stored.revision(), policy);
    }

    /** Ends the thread, and waits for that a moment. */
    @Override
    public void close() {
        follower.close();
    }
}
