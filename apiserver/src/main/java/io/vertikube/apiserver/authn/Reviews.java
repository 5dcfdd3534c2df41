package io.vertikube.apiserver.authn;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.ApiErrors;
import java.util.List;
import java.util.Optional;

/** Answers of the review kinds of {@code authentication.k8s.io}. Safe for any thread. */
public final class Reviews {

    private final ServiceAccountTokens tokens;

    public Reviews(ServiceAccountTokens tokens) {
        this.tokens = tokens;
    }

    /** TokenReview: whose token is this? The request's tree with {@code status} set. */
    public ObjectNode tokenReview(ObjectNode review) {
        String token = Trees.text(review, "spec", "token");
        if (token.isEmpty()) {
            throw ApiErrors.badRequest("token is required for TokenReview in authentication");
        }
        List<String> asked = Trees.texts(review.path("spec").path("audiences"));
        List<String> wanted = asked.isEmpty() ? tokens.audiences() : asked;
        Optional<ServiceAccountTokens.Verified> verified = tokens.verify(token, wanted);
        ObjectNode status = review.putObject("status");
        if (verified.isEmpty()) {
            status.put("error", "invalid bearer token, or not for the audiences " + wanted);
            status.set("user", Trees.newObject());
            return review;
        }
        status.put("authenticated", true);
        status.set("user", user(verified.get().user()));
        status.set("audiences", Trees.arrayOf(verified.get().audiences()));
        return review;
    }

    /** SelfSubjectReview: who am I? */
    public static ObjectNode selfSubjectReview(ObjectNode review, UserInfo user) {
        review.putObject("status").set("userInfo", user(user));
        return review;
    }

    /** A user in the API's own form. */
    public static ObjectNode user(UserInfo user) {
        ObjectNode tree = Trees.newObject();
        tree.put("username", user.name());
        if (!user.uid().isEmpty()) {
            tree.put("uid", user.uid());
        }
        if (!user.groups().isEmpty()) {
            tree.set("groups", Trees.arrayOf(user.groups()));
        }
        if (!user.extra().isEmpty()) {
            ObjectNode extra = tree.putObject("extra");
            user.extra().forEach((key, values) -> extra.set(key, Trees.arrayOf(values)));
        }
        return tree;
    }
}
