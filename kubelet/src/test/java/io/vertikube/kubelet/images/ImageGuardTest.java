package io.vertikube.kubelet.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertikube.kubelet.images.ImageAccess.Verification;
import io.vertikube.kubelet.runtime.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may have an image that is there. */
class ImageGuardTest {

    private static final String TEAM = "registry.example/team/web:1";
    private static final Image IMAGE = image("sha256:1", TEAM);
    private static final SecretUse OURS = new SecretUse("u1", "ours", "regcred", "h1");
    private static final SecretUse SAME_ELSEWHERE = new SecretUse("u2", "theirs", "other", "h1");
    private static final SecretUse THEIRS = new SecretUse("u3", "theirs", "regcred", "h3");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

    @TempDir
    private Path root;

    private ImageGuard guard;

    @BeforeEach
    void start() throws IOException {
        guard = guard(ImageAccess.DEFAULT);
    }

    @Test
    void whatNoPullBroughtIsEverybodys() {
        assertThat(may(TEAM, IMAGE)).isTrue();
    }

    @Test
    void whatWasPulledWithCredentialsIsForThoseWhoHaveTheSame() throws IOException {
        pull(TEAM, IMAGE, Optional.of(OURS));
        assertThat(may(TEAM, IMAGE)).isFalse();
        assertThat(may(TEAM, IMAGE, THEIRS)).isFalse();
        assertThat(may(TEAM, IMAGE, OURS)).isTrue();
        assertThat(may(TEAM, IMAGE, THEIRS, SAME_ELSEWHERE)).isTrue();
        guard = guard(ImageAccess.DEFAULT);
        assertThat(may(TEAM, IMAGE)).isFalse();
        assertThat(may("registry.example/team/web@sha256:1", IMAGE)).isFalse();
        assertThat(may(TEAM, IMAGE, SAME_ELSEWHERE)).isTrue();
    }

    @Test
    void whatASecretSaidBeforeCountsNoMore() throws IOException {
        pull(TEAM, IMAGE, Optional.of(OURS));
        pull(TEAM, IMAGE, Optional.of(new SecretUse("u1", "ours", "regcred", "h9")));
        assertThat(may(TEAM, IMAGE, OURS)).isFalse();
    }

    @Test
    void whatAnybodyCouldPullIsEverybodys() throws IOException {
        pull(TEAM, IMAGE, Optional.of(OURS));
        pull(TEAM, IMAGE, Optional.empty());
        guard = guard(ImageAccess.DEFAULT);
        assertThat(may(TEAM, IMAGE)).isTrue();
    }

    @Test
    void aPullOfWhichNobodyKnowsTheEndIsNobodys() throws IOException {
        guard.begins(TEAM);
        guard = guard(ImageAccess.DEFAULT);
        assertThat(may(TEAM, IMAGE, OURS)).isFalse();
        guard.begins(TEAM);
        guard.failed(TEAM);
        assertThat(may(TEAM, IMAGE)).isTrue();
    }

    @Test
    void aRecordThatCannotBeReadIsNobodysUntilTheNextPull() throws IOException {
        pull(TEAM, IMAGE, Optional.of(OURS));
        try (Stream<Path> files = Files.list(root.resolve("image_manager/pulled"))) {
            Files.writeString(files.findFirst().orElseThrow(), "{\"imageRef\": ");
        }
        guard = guard(ImageAccess.DEFAULT);
        assertThat(may(TEAM, IMAGE, OURS)).isFalse();
        pull(TEAM, IMAGE, Optional.of(OURS));
        assertThat(may(TEAM, IMAGE, OURS)).isTrue();
    }

    @Test
    void anotherNameOfTheSameImageIsOneThatThePullDidNotBring() throws IOException {
        Image both = image("sha256:1", TEAM, "docker.io/library/web:1");
        pull(TEAM, both, Optional.of(OURS));
        assertThat(may("web:1", both)).isTrue();
        assertThat(may("docker.io/library/web:1", both)).isTrue();
        assertThat(may("sha256:1", both)).isFalse();
        assertThat(may("docker.io/other/web:1", both)).isFalse();
    }

    @Test
    void whatIsGoneIsForgottenUnlessItWasPulledMeanwhile() throws IOException {
        var records = new PullRecords(Optional.of(root), now::get);
        guard = new ImageGuard(ImageAccess.DEFAULT, records);
        pull(TEAM, IMAGE, Optional.of(OURS));
        records.keepOnly(Set.of(), now.get());
        assertThat(may(TEAM, IMAGE)).isFalse();
        records.keepOnly(Set.of("sha256:1"), now.get().plusSeconds(1));
        assertThat(may(TEAM, IMAGE)).isFalse();
        records.keepOnly(Set.of(), now.get().plusSeconds(1));
        assertThat(may(TEAM, IMAGE)).isTrue();
        assertThat(root.resolve("image_manager/pulled")).isEmptyDirectory();
        assertThat(root.resolve("image_manager/pulling")).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({
        "NeverVerify, '', true, true",
        "NeverVerifyPreloadedImages, '', true, false",
        "NeverVerifyAllowlistedImages, registry.example/team/web, true, false",
        "NeverVerifyAllowlistedImages, registry.example/team/*, true, false",
        "NeverVerifyAllowlistedImages, registry.example/*, true, false",
        "NeverVerifyAllowlistedImages, registry.example/te/*, false, false",
        "NeverVerifyAllowlistedImages, registry.example/team, false, false",
        "NeverVerifyAllowlistedImages, '', false, false",
        "AlwaysVerify, '', false, false",
    })
    void policies(String policy, String allowed, boolean preloaded, boolean pulled) throws IOException {
        guard = guard(new ImageAccess(Verification.parse(policy), allowed.isEmpty() ? List.of() : List.of(allowed)));
        assertThat(may(TEAM, IMAGE)).isEqualTo(preloaded);
        pull(TEAM, IMAGE, Optional.of(OURS));
        assertThat(may(TEAM, IMAGE)).isEqualTo(pulled);
        assertThat(may(TEAM, IMAGE, OURS)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "registry.example/*/web, 'may have a * only as its last part, behind a name'",
        "registry.example/team*, 'may have a * only as its last part, behind a name'",
        "*, 'may have a * only as its last part, behind a name'",
        "registry.example/web:1, must not have a tag or digest",
        "web@sha256:1, must not have a tag or digest",
    })
    void patternsThatMeanNothing(String pattern, String why) {
        assertThatThrownBy(() -> new ImageAccess(Verification.NEVER_VERIFY_ALLOWLISTED_IMAGES, List.of(pattern)))
                .hasMessage("--preloaded-images-verification-allowlist: \"" + pattern + "\" " + why);
    }

    private ImageGuard guard(ImageAccess access) throws IOException {
        return new ImageGuard(access, new PullRecords(Optional.of(root), now::get));
    }

    private void pull(String reference, Image image, Optional<SecretUse> with) throws IOException {
        guard.begins(reference);
        guard.pulled(reference, image.id(), with);
    }

    private boolean may(String reference, Image image, SecretUse... secrets) {
        return guard.mayHave(reference, image, () -> List.of(secrets));
    }

    private static Image image(String id, String... tags) {
        return new Image(id, List.of(tags), List.of(), 1, OptionalLong.empty(), "", false);
    }
}
