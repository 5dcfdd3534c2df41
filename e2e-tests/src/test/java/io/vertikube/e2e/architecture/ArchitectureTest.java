package io.vertikube.e2e.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Dependencies go one way; see the picture in README.md and the module table in the DESIGN.md files. */
final class ArchitectureTest {

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.vertikube");
    }

    @Test
    void servicesMeetAtTheApiAndNowhereElse() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.vertikube..")
                .layer("apiserver")
                .definedBy("io.vertikube.apiserver..")
                .layer("scheduler")
                .definedBy("io.vertikube.scheduler..")
                .layer("controllers")
                .definedBy("io.vertikube.controller..")
                .layer("kubelet")
                .definedBy("io.vertikube.kubelet..")
                .layer("proxy")
                .definedBy("io.vertikube.proxy..")
                .layer("deploy")
                .definedBy("io.vertikube.deploy..")
                .whereLayer("apiserver")
                .mayOnlyBeAccessedByLayers("deploy")
                .whereLayer("scheduler")
                .mayOnlyBeAccessedByLayers("deploy")
                .whereLayer("controllers")
                .mayOnlyBeAccessedByLayers("deploy")
                .whereLayer("kubelet")
                .mayOnlyBeAccessedByLayers("deploy")
                .whereLayer("proxy")
                .mayOnlyBeAccessedByLayers("deploy")
                .whereLayer("deploy")
                .mayNotBeAccessedByAnyLayer()
                .check(classes);
    }

    @Test
    void theSharedModelIsBuiltInFloors() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.vertikube..")
                .layer("object")
                .definedBy("io.vertikube.object")
                .layer("value")
                .definedBy("io.vertikube.value")
                .layer("catalog")
                .definedBy("io.vertikube.catalog")
                .layer("client")
                .definedBy("io.vertikube.client")
                .layer("cache")
                .definedBy("io.vertikube.cache")
                .layer("control")
                .definedBy("io.vertikube.control")
                .layer("rest")
                .definedBy(
                        "io.vertikube.apiserver..",
                        "io.vertikube.scheduler..",
                        "io.vertikube.controller..",
                        "io.vertikube.kubelet..",
                        "io.vertikube.proxy..",
                        "io.vertikube.deploy..")
                .whereLayer("catalog")
                .mayOnlyBeAccessedByLayers("client", "cache", "control", "rest")
                .whereLayer("client")
                .mayOnlyBeAccessedByLayers("cache", "control", "rest")
                .whereLayer("cache")
                .mayOnlyBeAccessedByLayers("control", "rest")
                .whereLayer("control")
                .mayOnlyBeAccessedByLayers("rest")
                .check(classes);
    }

    @Test
    void onlyStorageKnowsTheStores() {
        // The benchmark compares with etcd itself.
        noClasses()
                .that()
                .resideOutsideOfPackages("io.vertikube.apiserver.storage..", "io.vertikube.deploy.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.etcd..", "org.h2..")
                .check(classes);
    }

    @Test
    void onlyTheRuntimePackageSpeaksCri() {
        // A kubelet is trained against a runtime that pretends.
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.vertikube.kubelet.runtime..",
                        "io.vertikube.kubelet.cri..",
                        "io.vertikube.deploy.training..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertikube.kubelet.cri..")
                .check(classes);
    }

    @Test
    void theOfficialClientsModelIsForTheBuildAlone() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.kubernetes..")
                .check(classes);
    }

    @Test
    void theApiServerNeedsNoTypedObjectsButTheStatus() {
        // A Status goes out with its ListMeta; a budget's selector is read as every selector is.
        noClasses()
                .that()
                .resideInAPackage("io.vertikube.apiserver..")
                .should()
                .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "are typed objects of the API",
                        type -> type.getPackageName().startsWith("io.fabric8.kubernetes.api.model")
                                && !type.getSimpleName().matches("Status.*|ListMeta|LabelSelector")))
                .check(classes);
    }

    @Test
    void everyPackageSaysWhatItIsForAndIsNullMarked() {
        var missing = new TreeSet<String>();
        for (var type : classes) {
            var its = type.getPackage();
            boolean generated = type.getSource().isEmpty()
                    || its.getName().matches(".*\\.(cri|csi|health|registration|deviceplugin)\\.v1(beta1)?");
            if (!generated && !its.isAnnotatedWith(NullMarked.class)) {
                missing.add(its.getName());
            }
        }
        assertThat(missing).isEmpty();
    }
}
