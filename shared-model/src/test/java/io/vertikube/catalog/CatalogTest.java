package io.vertikube.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.object.Gvk;
import org.junit.jupiter.api.Test;

final class CatalogTest {

    @Test
    void aRowKnowsItsPathsAndItsPlaceInTheStore() {
        ResourceType deployments = Catalog.builtIn().require(new Gvk("apps", "v1", "Deployment"));
        assertThat(deployments.objectPath("team", "web")).isEqualTo("/apis/apps/v1/namespaces/team/deployments/web");
        assertThat(deployments.collectionPath("")).isEqualTo("/apis/apps/v1/deployments");
        assertThat(deployments.storageKey("team", "web")).isEqualTo("/registry/apps/deployments/team/web");
        ResourceType nodes = Catalog.builtIn().require(new Gvk("", "v1", "Node"));
        assertThat(nodes.storageKey("", "n1")).isEqualTo("/registry/core/nodes/n1");
        assertThat(nodes.objectPath("", "n1")).isEqualTo("/api/v1/nodes/n1");
    }

    @Test
    void noTwoRowsShareAName() {
        assertThat(Catalog.builtIn().all().stream().map(ResourceType::gvr)).doesNotHaveDuplicates();
        assertThat(Catalog.builtIn().all().stream().map(ResourceType::gvk)).doesNotHaveDuplicates();
    }

    @Test
    void aRowAddedAtRunTimeIsLikeAnyOther() {
        ResourceType nodes = Catalog.builtIn().require(new Gvk("", "v1", "Node"));
        Catalog without = Catalog.builtIn().without(nodes);
        assertThat(without.byResource("", "v1", "nodes")).isEmpty();
        assertThat(without.with(nodes).byResource("", "v1", "nodes")).contains(nodes);
    }
}
