package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionChain;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.admission.Operation;
import io.vertikube.apiserver.apply.ManagedFields;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.apiserver.storage.KeyExists;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.FieldError;
import java.util.List;
import java.util.Set;

/**
 * The order in which an object goes to the store, for every kind and every verb that writes one. It begins with an
 * object that is decoded (or patched) and defaulted ({@link Intake}); from there: managed fields → mutating admission →
 * the server's own fields → the kind's preparation → validation → validating admission → conversion to the stored version → store. Runs on virtual
 * threads, safe for any.
 */
final class WritePipeline {
    private static final Set<String> RULES = Set.of("admissionregistration.k8s.io", "rbac.authorization.k8s.io");

    private final ObjectStorage storage;
    private final Forms forms;
    private final AdmissionChain admission;
    private final Intake intake;
    private final Chance random;
    private final ResourceLimits limits;

    WritePipeline(
            ObjectStorage storage,
            Forms forms,
            AdmissionChain admission,
            Intake intake,
            Chance random,
            ResourceLimits limits) {
        this.storage = storage;
        this.forms = forms;
        this.admission = admission;
        this.intake = intake;
        this.random = random;
        this.limits = limits;
    }

    ObjectStorage storage() {
        return storage;
    }

    Forms forms() {
        return forms;
    }

    /** Stores an object of the write's version in the place of one at that revision; the answer is in that version. */
    StoredObject replace(Write write, long revision, ObjectNode object) {
        StoredObject stored = storage.update(write.key(), revision, forms.toStored(write.type(), object));
        heardOf(write, stored.revision());
        return forms.of(write.type(), stored);
    }

    /** Rules about other requests hold from the next one on: who writes one waits until this server has heard of it. */
    void heardOf(Write write, long revision) {
        if (RULES.contains(write.type().group())) {
            storage.snapshot(Read.notOlderThan(revision));
        }
    }

    Intake intake() {
        return intake;
    }

    AdmissionChain admission() {
        return admission;
    }

    /**
     * Stores a new object.
     *
     * @param managed whether the object brings its managed fields, as after a server-side apply
     */
    Written create(Write write, ObjectNode object, boolean managed) {
        Placement.check(write, object);
        String base = SystemFields.text(object, "generateName");
        boolean generate = SystemFields.text(object, "name").isEmpty() && !base.isEmpty();
        for (int attempt = 1; ; attempt++) {
            ObjectNode candidate = generate ? object.deepCopy() : object;
            if (generate) {
                SystemFields.metadata(candidate).put("name", SystemFields.generate(base, random));
            }
            Write named = write.named(SystemFields.text(candidate, "name"));
            try {
                return createNamed(named, candidate, managed);
            } catch (KeyExists e) {
                if (managed) {
                    throw e;
                }
                if (!generate || attempt == limits.nameAttempts()) {
                    throw ApiErrors.alreadyExists(write.type().gvr(), named.name());
                }
            }
        }
    }

    private Written createNamed(Write write, ObjectNode object, boolean managed) {
        if (!managed) {
            Schema schema = intake.schema(write.type().gvk());
            ManagedFields.create(intake.empty(schema), object, schema, write.writer());
        }
        AdmissionRequest request = write.admission(Operation.CREATE, object, null);
        boolean done = false;
        try {
            admission.mutate(request);
            SystemFields.forCreate(object, write.namespace(), write.now(), random.uid());
            write.strategy().prepareForCreate(object);
            refuse(write, write.strategy().validate(object));
            write.strategy().warnings(object, null).forEach(write.warn());
            admission.validate(request);
            Written written = stored(write, object);
            done = written.stored() != null;
            if (done) {
                admission.stored(request);
            }
            return written;
        } finally {
            if (!done) {
                admission.undo(request);
            }
        }
    }

    private Written stored(Write write, ObjectNode object) {
        if (write.options().dryRun()) {
            if (storage.snapshot(Read.latest()).get(write.key()).isPresent()) {
                throw new KeyExists(write.key());
            }
            return Written.only(object, true);
        }
        if (!SystemFields.text(object, "resourceVersion").isEmpty()) {
            throw ApiErrors.of(500, "", "resourceVersion should not be set on objects to be created", null);
        }
        StoredObject stored = storage.create(write.key(), forms.toStored(write.type(), object));
        heardOf(write, stored.revision());
        return Written.stored(forms.of(write.type(), stored), true);
    }

    /**
     * Puts an object in the place of a stored one.
     *
     * @throws io.vertikube.apiserver.storage.RevisionMismatch if that is not the stored one any more
     */
    Written update(Write write, StoredObject stored, ObjectNode object, boolean managed) {
        ObjectNode old = stored.tree();
        Placement.check(write, object);
        Placement.checkRevision(write, object, stored);
        SystemFields.forUpdate(object, old, write.namespace());
        if (Parts.narrow(write.subresource(), object, old)) {
            intake.defaulted(object, write);
        }
        if (!managed) {
            ManagedFields.update(old, object, intake.schema(write.type().gvk()), write.writer());
        }
        AdmissionRequest request = ofUpdate(write, object, old);
        boolean done = false;
        try {
            admission.mutate(request);
            if (isScale(write)) {
                ScaleWrites.take(
                        request.requireObject(), object, write.strategy().scalePaths());
            }
            prepare(write, object, old);
            refuse(write, problems(write, object, old));
            write.strategy().warnings(object, old).forEach(write.warn());
            admission.validate(request);
            Written written = replaced(write, stored, object, old);
            done = !write.options().dryRun();
            if (done) {
                admission.stored(request);
            }
            return written;
        } finally {
            if (!done) {
                admission.undo(request);
            }
        }
    }

    /** What admission sees of an update: the object, or its Scale where that is what is written. */
    private static AdmissionRequest ofUpdate(Write write, ObjectNode object, ObjectNode old) {
        if (!isScale(write)) {
            return write.admission(Operation.UPDATE, object, old);
        }
        ScalePaths paths = write.strategy().scalePaths();
        return write.admission(
                Operation.UPDATE, ScaleWrites.SCALE, ScaleWrites.scale(object, paths), ScaleWrites.scale(old, paths));
    }

    private static boolean isScale(Write write) {
        return write.subresource().equals("scale");
    }

    private static void prepare(Write write, ObjectNode object, ObjectNode old) {
        switch (write.subresource()) {
            case "", "scale" -> write.strategy().prepareForUpdate(object, old);
            case "status" -> write.strategy().prepareForStatusUpdate(object, old);
            default -> {}
        }
    }

    private static List<FieldError> problems(Write write, ObjectNode object, ObjectNode old) {
        return switch (write.subresource()) {
            case "", "scale" -> write.strategy().validateUpdate(object, old);
            case "status" -> write.strategy().validateStatusUpdate(object, old);
            default -> write.strategy().validatePartUpdate(write.subresource(), object, old);
        };
    }

    private Written replaced(Write write, StoredObject stored, ObjectNode object, ObjectNode old) {
        SystemFields.metadata(object).put("resourceVersion", Long.toString(stored.revision()));
        if (Deletion.isComplete(write.type(), object)) {
            if (!write.options().dryRun()) {
                storage.delete(write.key(), stored.revision());
                admission.stored(write.admission(Operation.DELETE, null, old));
            }
            return Written.only(object, false);
        }
        if (SystemFields.same(object, old) && forms.isAsStored(write.type(), stored)) {
            return Written.stored(stored, false);
        }
        if (write.options().dryRun()) {
            return Written.only(object, false);
        }
        return Written.stored(replace(write, stored.revision(), object), false);
    }

    private static void refuse(Write write, List<FieldError> problems) {
        if (!problems.isEmpty()) {
            throw ApiErrors.invalid(FirstGroups.of(write.type().gvk()), write.name(), problems);
        }
    }
}
