package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.admission.AdmissionChain;
import io.vertikube.apiserver.authn.Reviews;
import io.vertikube.apiserver.authn.TokenIssuer;
import io.vertikube.apiserver.authz.AccessReviews;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.protobuf.ProtobufCodec;
import io.vertikube.apiserver.schema.Decoder;
import io.vertikube.apiserver.schema.Schemas;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.table.TableRenderer;
import io.vertikube.catalog.Catalog;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Puts the handler of resources together. */
public final class Resources {

    private Resources() {}

    /**
     * @param catalog the resources served now; asked at every request
     * @param streams takes logs, exec, attach, port-forward and proxy
     * @param computed makes the objects that are not stored
     */
    public static ResourceHandler handler(
            ObjectStorage storage,
            Supplier<Catalog> catalog,
            StrategyTable strategies,
            ConversionTable conversions,
            Schemas schemas,
            Decoder decoder,
            AdmissionChain admission,
            TableRenderer tables,
            AccessReviews access,
            Reviews identity,
            TokenIssuer tokens,
            ProtobufCodec codec,
            Consumer<Call> streams,
            List<ComputedObjects> computed,
            ResourceLimits limits,
            InstantSource clock,
            Chance random) {
        var rendering = new Rendering(tables);
        var lists = new ListAnswers(rendering, codec, limits);
        var forms = new Forms(storage, conversions, strategies, limits.conversionBatch());
        var attempts = new Attempts(storage, forms, limits.writeAttempts());
        var pipeline = new WritePipeline(storage, forms, admission, new Intake(decoder, schemas), random, limits);
        return new ResourceHandler(
                catalog,
                strategies,
                new ReadHandler(storage, forms, rendering, lists),
                new WatchHandler(storage, forms, rendering, codec, limits, random),
                new WriteHandler(
                        pipeline,
                        attempts,
                        new SubresourceWrites(pipeline, attempts, tokens),
                        new ReviewHandler(access, identity),
                        rendering,
                        lists,
                        clock),
                new ConnectAdmission(admission, streams),
                new ComputedReads(computed, rendering));
    }
}
