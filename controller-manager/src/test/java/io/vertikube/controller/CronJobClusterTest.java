package io.vertikube.controller;

import static io.vertikube.controller.TestCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.vertikube.object.ObjectKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** CronJobs against a real API server; seconds stand for minutes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CronJobClusterTest {
    private TestCluster cluster;

    @BeforeAll
    void start() {
        cluster = new TestCluster();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void jobsStartOnTimeUntilTheScheduleIsSuspended() {
        String ns = cluster.namespace();
        cluster.create(
                CronJob.class,
                new CronJobBuilder()
                        .withNewMetadata()
                        .withName("often")
                        .withNamespace(ns)
                        .endMetadata()
                        .withNewSpec()
                        .withSchedule("@every 1s")
                        .withConcurrencyPolicy("Replace")
                        .withNewJobTemplate()
                        .withNewMetadata()
                        .addToLabels("a", "b")
                        .endMetadata()
                        .withNewSpec()
                        .withNewTemplate()
                        .withNewSpec()
                        .withRestartPolicy("Never")
                        .addNewContainer()
                        .withName("c")
                        .withImage("i")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .endJobTemplate()
                        .endSpec()
                        .build());
        eventually()
                .untilAsserted(() -> assertThat(cluster.list(Job.class, ns))
                        .isNotEmpty()
                        .allSatisfy(job -> {
                            assertThat(job.getMetadata().getName()).matches("often-[0-9]+");
                            assertThat(job.getMetadata().getLabels()).containsEntry("a", "b");
                            assertThat(job.getMetadata().getAnnotations())
                                    .containsKey("batch.kubernetes.io/cronjob-scheduled-timestamp");
                        }));
        eventually()
                .untilAsserted(() -> assertThat(
                                cluster.get(CronJob.class, ns, "often").getStatus())
                        .satisfies(status -> {
                            assertThat(status.getLastScheduleTime()).isNotNull();
                            assertThat(status.getActive()).isNotEmpty();
                        }));
        assertThat(cluster.list(Event.class, ns))
                .as("its own Jobs are no surprise")
                .extracting(Event::getReason)
                .contains("SuccessfulCreate")
                .doesNotContain("UnexpectedJob", "MissingJob");
        cluster.edit(CronJob.class, new ObjectKey(ns, "often"), cronJob -> {
            cronJob.getSpec().setSuspend(true);
            return cronJob;
        });
        cluster.client.of(CronJob.class).delete(ns, "often");
        eventually().until(() -> cluster.list(Job.class, ns).isEmpty());
    }
}
