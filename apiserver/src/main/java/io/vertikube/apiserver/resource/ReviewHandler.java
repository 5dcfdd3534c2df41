package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.authn.Reviews;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.authz.AccessReviews;
import io.vertikube.object.ApiErrors;

/** Kinds that are questions: created, answered, never stored. Safe for any thread. */
final class ReviewHandler {

    private final AccessReviews access;
    private final Reviews identity;

    ReviewHandler(AccessReviews access, Reviews identity) {
        this.access = access;
        this.identity = identity;
    }

    /** The request's tree with its {@code status}. */
    ObjectNode answer(Write write, ObjectNode review) {
        UserInfo user = write.user();
        return switch (write.type().plural()) {
            case "subjectaccessreviews" -> access.subjectAccessReview(review);
            case "localsubjectaccessreviews" -> access.localSubjectAccessReview(write.namespace(), review);
            case "selfsubjectaccessreviews" -> access.selfSubjectAccessReview(review, user);
            case "selfsubjectrulesreviews" -> access.selfSubjectRulesReview(review, user);
            case "tokenreviews" -> identity.tokenReview(review);
            case "selfsubjectreviews" -> {
                review.withObject("/metadata").put("creationTimestamp", SystemFields.time(write.now()));
                yield Reviews.selfSubjectReview(review, user);
            }
            default -> throw ApiErrors.methodNotAllowed();
        };
    }
}
