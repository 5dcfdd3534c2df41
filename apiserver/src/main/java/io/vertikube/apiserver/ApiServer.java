package io.vertikube.apiserver;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertikube.apiserver.admission.AdmissionChain;
import io.vertikube.apiserver.admission.AdmissionPlugin;
import io.vertikube.apiserver.admission.AdmissionPlugins;
import io.vertikube.apiserver.admission.ServiceAddresses;
import io.vertikube.apiserver.admission.match.Renewal;
import io.vertikube.apiserver.admission.match.Surroundings;
import io.vertikube.apiserver.admission.policy.MutatingPolicies;
import io.vertikube.apiserver.admission.policy.PolicyChecks;
import io.vertikube.apiserver.admission.policy.ValidatingPolicies;
import io.vertikube.apiserver.admission.webhook.MutatingWebhooks;
import io.vertikube.apiserver.admission.webhook.ValidatingWebhooks;
import io.vertikube.apiserver.audit.Audit;
import io.vertikube.apiserver.authn.Reviews;
import io.vertikube.apiserver.authn.ServiceAccountTokens;
import io.vertikube.apiserver.authn.TokenIssuer;
import io.vertikube.apiserver.authz.AccessReviews;
import io.vertikube.apiserver.authz.Authorizer;
import io.vertikube.apiserver.authz.CertificateDecisions;
import io.vertikube.apiserver.authz.EscalationCheck;
import io.vertikube.apiserver.authz.OwnerReferencesPermission;
import io.vertikube.apiserver.authz.RbacAuthorizer;
import io.vertikube.apiserver.bootstrap.Bootstrap;
import io.vertikube.apiserver.bootstrap.BootstrapOptions;
import io.vertikube.apiserver.bootstrap.CustomApiServices;
import io.vertikube.apiserver.bootstrap.KubernetesService;
import io.vertikube.apiserver.bootstrap.Upkeep;
import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.chain.AuditTrail;
import io.vertikube.apiserver.chain.Dispatcher;
import io.vertikube.apiserver.chain.Entrance;
import io.vertikube.apiserver.chain.InFlight;
import io.vertikube.apiserver.chain.MetricsPage;
import io.vertikube.apiserver.chain.RequestChain;
import io.vertikube.apiserver.chain.RequestMeters;
import io.vertikube.apiserver.component.ComponentStatuses;
import io.vertikube.apiserver.crd.DefinitionLoop;
import io.vertikube.apiserver.crd.ServedTypes;
import io.vertikube.apiserver.crd.TerminatingTypes;
import io.vertikube.apiserver.discovery.DiscoveryHandler;
import io.vertikube.apiserver.discovery.OpenApiHandler;
import io.vertikube.apiserver.flow.FlowControl;
import io.vertikube.apiserver.flow.FlowLimits;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.Documents;
import io.vertikube.apiserver.front.HttpFront;
import io.vertikube.apiserver.front.PeerCertificates;
import io.vertikube.apiserver.metrics.MetricsTypes;
import io.vertikube.apiserver.metrics.UsageLoop;
import io.vertikube.apiserver.metrics.UsageObjects;
import io.vertikube.apiserver.openapi.Once;
import io.vertikube.apiserver.openapi.OpenApi;
import io.vertikube.apiserver.protobuf.ProtobufCodec;
import io.vertikube.apiserver.proxy.KubeletStreams;
import io.vertikube.apiserver.resource.Chance;
import io.vertikube.apiserver.resource.ConversionTable;
import io.vertikube.apiserver.resource.ObjectCounts;
import io.vertikube.apiserver.resource.ResourceHandler;
import io.vertikube.apiserver.resource.Resources;
import io.vertikube.apiserver.resource.StorageFailures;
import io.vertikube.apiserver.resource.StoredCount;
import io.vertikube.apiserver.resource.StrategyTable;
import io.vertikube.apiserver.schema.BuiltInSchemas;
import io.vertikube.apiserver.schema.Decoder;
import io.vertikube.apiserver.schema.Schemas;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.table.TableRenderer;
import io.vertikube.apiserver.webhook.WebhookClient;
import io.vertikube.catalog.Catalog;
import io.vertikube.client.KubeConfig;
import io.vertikube.client.Pace;
import io.vertikube.service.Certificates;
import io.vertikube.service.HealthChecks;
import io.vertikube.value.Cidr;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An API server that runs: the composition root, read from top to bottom. It holds no state but the connection to its
 * store, so several may run side by side. Safe for any thread.
 */
public final class ApiServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

    private final ServerKeys keys;
    private final ObjectStorage storage;
    private final HttpFront front;
    private final ServedTypes catalog;
    private final String bindAddress;
    private final AtomicBoolean stopping;
    private final Opened opened;

    private ApiServer(
            ServerKeys keys,
            ObjectStorage storage,
            HttpFront front,
            ServedTypes catalog,
            String bindAddress,
            AtomicBoolean stopping,
            Opened opened) {
        this.keys = keys;
        this.storage = storage;
        this.front = front;
        this.catalog = catalog;
        this.bindAddress = bindAddress;
        this.stopping = stopping;
        this.opened = opened;
    }

    /** Starts and returns when it is ready. Blocks, so not on an event loop. */
    public static ApiServer start(Vertx vertx, ApiServerOptions options) {
        return start(vertx, options, new SimpleMeterRegistry());
    }

    /** The same, with its meters in a registry; the Prometheus one is served at {@code /metrics}. */
    public static ApiServer start(Vertx vertx, ApiServerOptions options, MeterRegistry meters) {
        return start(vertx, options, meters, Embedding.none());
    }

    /** The same inside a program that keeps keys and objects beyond this server, or stands before its requests. */
    public static ApiServer start(Vertx vertx, ApiServerOptions options, MeterRegistry meters, Embedding embedding) {
        long began = System.nanoTime();
        InstantSource clock = embedding.clock();
        Chance random = embedding.chance();
        Limits limits = options.limits();
        String advertise = Addresses.advertised(options.serving());
        // Keys cost as much as schemas and store together, so they are made beside them.
        var made = CompletableFuture.supplyAsync(() -> embedding.keys(options, advertise), Thread::startVirtualThread);

        var catalog = new ServedTypes(Catalog.builtIn().and(MetricsTypes.ROWS));
        var engine = new Once<>(() -> new CelEngine(limits.cel()));
        var strategies = new StrategyTable(catalog::strategy, engine);
        Stores stores = new Stores(catalog, strategies);
        var opened = new Opened();
        ObjectStorage storage = opened.add(new ObjectStorage(
                embedding.store(stores, options.store()),
                stores::selectableFields,
                limits.storage(),
                meters,
                embedding.pace()));
        try {
            BuiltInSchemas schemas = BuiltInSchemas.load();
            Schemas all = catalog.schemas().or(schemas);
            var protobuf = new ProtobufCodec(schemas);
            var decoder = new Decoder(all, limits.decode(), protobuf);

            ServerKeys keys = made.join();
            // The defaults need nothing but the store, so they are put in place while the rest is put together.
            var bootstrap = new Bootstrap(
                    storage,
                    clock,
                    bootstrap(options, advertise, options.serving().port(), keys));
            var defaults = CompletableFuture.runAsync(bootstrap::run, Thread::startVirtualThread);

            // The listener too, so that the first clients shake hands meanwhile.
            PeerCertificates peers = peers(keys);
            var entrance = new Entrance();
            var listening = CompletableFuture.supplyAsync(
                    () -> HttpFront.start(
                            vertx,
                            new HttpFront.Binding(
                                    options.serving().bindAddress(),
                                    options.serving().port(),
                                    keys.serving().certificate(),
                                    keys.serving().key()),
                            peers,
                            limits.front(),
                            Math.max(1, Runtime.getRuntime().availableProcessors()),
                            new Documents(protobuf),
                            StorageFailures::translate,
                            entrance),
                    Thread::startVirtualThread);
            opened.add(() -> listening
                    .thenAccept(HttpFront::close)
                    .exceptionally(e -> null)
                    .join());

            var identity = options.identity();
            var tokens = new ServiceAccountTokens(
                    keys.tokens(), identity.serviceAccountIssuer(), identity.apiAudiences(), storage, clock);
            var issuer = new TokenIssuer(
                    keys.tokens(), identity.serviceAccountIssuer(), identity.apiAudiences(), storage, clock);
            var rbac = new RbacAuthorizer(storage);
            Authorizer authorizer = Authorities.authorizer(options.access(), storage, rbac);

            var addresses = new ServiceAddresses(
                    storage,
                    Cidr.parse(options.cluster().serviceRange()),
                    options.cluster().nodePorts(),
                    random,
                    clock);
            var webhooks =
                    opened.add(new WebhookClient(vertx, () -> storage.snapshot(Read.any()), limits.webhook(), random));
            var conversions = new ConversionTable(catalog::conversion);
            var surroundings = new Surroundings(storage, catalog, conversions, authorizer, engine);
            var renewal = new Renewal(decoder, all, strategies);
            AdmissionChain admission = AdmissionPlugins.chosen(
                    storage,
                    random,
                    plugins(
                            authorizer,
                            rbac,
                            catalog,
                            new MutatingPolicies(surroundings, renewal, all),
                            new MutatingWebhooks(surroundings, webhooks, renewal),
                            new ValidatingPolicies(surroundings),
                            new ValidatingWebhooks(surroundings, webhooks)),
                    addresses,
                    options.access().admission());

            var streams = opened.add(KubeletStreams.create(
                    vertx,
                    storage,
                    keys.kubeletClient(),
                    keys.kubeletCa(),
                    identity.loopbackKubelets(),
                    limits.proxy()));
            var usage = opened.add(new UsageLoop(storage, streams.pages()::page, limits.metrics(), clock));
            ResourceHandler resources = Resources.handler(
                    storage,
                    catalog,
                    strategies,
                    conversions,
                    all,
                    decoder,
                    admission,
                    new TableRenderer(catalog::columns, clock),
                    new AccessReviews(authorizer, rbac),
                    new Reviews(tokens),
                    issuer,
                    protobuf,
                    streams,
                    List.of(new UsageObjects(storage, usage, clock), new ComponentStatuses(storage, clock)),
                    limits.resource(),
                    clock,
                    random);

            opened.add(new DefinitionLoop(storage, catalog, schemas, webhooks, engine, resources::gone, clock))
                    .start();

            opened.add(new PolicyChecks(storage, catalog, all, engine)).start();

            var bootstrapped = new AtomicBoolean();
            var stopping = new AtomicBoolean();
            Optional<FlowControl> flow = limits.fairness()
                    ? Optional.of(opened.add(flow(storage, catalog, limits, meters, clock)))
                    : Optional.empty();
            BiConsumer<Call, Consumer<Call>> turns =
                    flow.isPresent() ? flow.get()::pass : (call, next) -> next.accept(call);
            HttpFront front = listening.join();
            var chain = new RequestChain(
                    Authorities.authenticator(options.access(), tokens),
                    authorizer,
                    peers,
                    limits.fairness()
                            ? InFlight.unlimited()
                            : new InFlight(limits.readsInFlight(), limits.writesInFlight()),
                    turns,
                    options.audit().on()
                            ? opened.add(Audit.open(options.audit(), vertx, protobuf, clock, meters))
                            : AuditTrail.NONE,
                    new RequestMeters(
                            meters,
                            info -> catalog.get()
                                    .byResource(info.group(), info.version(), info.resource())
                                    .isPresent()),
                    new Dispatcher(
                            resources,
                            new DiscoveryHandler(catalog, issuer, advertise + ":" + front.port()),
                            new OpenApiHandler(new OpenApi(
                                    catalog,
                                    kind -> MetricsTypes.schema(kind)
                                            .or(() -> catalog.documents().of(kind)))),
                            health(storage, bootstrapped, stopping),
                            meters instanceof PrometheusMeterRegistry prometheus
                                    ? new MetricsPage(prometheus, new ObjectCounts(storage, catalog, meters)::refresh)
                                    : null));
            // Closed before what requests need, too; twice does no harm.
            opened.add(front);
            entrance.open(embedding.before(chain));
            defaults.join();
            flow.ifPresent(FlowControl::follow);
            var service = opened.add(new KubernetesService(
                    storage,
                    addresses,
                    bootstrap(options, advertise, front.port(), keys),
                    clock,
                    e -> LOG.warn("the Service kubernetes could not be kept up to date: {}", e.getMessage())));
            service.round();
            var customServices = new CustomApiServices(storage, catalog, clock);
            opened.add(upkeep(embedding.pace(), service, bootstrap, customServices, addresses))
                    .start();
            bootstrapped.set(true);
            LOG.info(
                    "API server is ready at https://{}:{} after {} ms",
                    options.serving().bindAddress(),
                    front.port(),
                    (System.nanoTime() - began) / 1_000_000);
            return new ApiServer(
                    keys, storage, front, catalog, options.serving().bindAddress(), stopping, opened);
        } catch (RuntimeException e) {
            opened.close();
            throw e instanceof CompletionException wrapped && wrapped.getCause() instanceof RuntimeException cause
                    ? cause
                    : e;
        }
    }

    public int port() {
        return front.port();
    }

    /** Where it answers, seen from this machine. */
    public URI uri() {
        String host = bindAddress.equals("0.0.0.0") || bindAddress.equals("::") ? "127.0.0.1" : bindAddress;
        return URI.create("https://" + host + ":" + port());
    }

    /** A kubeconfig that may do everything; only for a server that made its own authority. */
    public KubeConfig adminConfig() {
        return keys.adminConfig(uri());
    }

    /** A kubeconfig of somebody else; only for a server that made its own authority. */
    public KubeConfig clientConfig(String user, String... groups) {
        return keys.clientConfig(uri(), user, groups);
    }

    /** A serving certificate as a node that has joined shows it; only for a server that made its own authority. */
    public Certificates.Pair sign(String commonName, List<String> addresses) {
        return keys.sign(commonName, addresses);
    }

    /** The objects, for tests that look behind the API. */
    public ObjectStorage storage() {
        return storage;
    }

    /** The resources served now. */
    public Catalog catalog() {
        return catalog.get();
    }

    /** Stops taking requests, leaves the endpoints of the Service {@code kubernetes}, and closes the store. */
    @Override
    public void close() {
        if (stopping.compareAndSet(false, true)) {
            opened.close();
        }
    }

    private static FlowControl flow(
            ObjectStorage storage, ServedTypes served, Limits limits, MeterRegistry meters, InstantSource clock) {
        return FlowControl.create(
                storage,
                FlowLimits.of(limits.readsInFlight() + limits.writesInFlight()),
                meters,
                clock,
                new StoredCount(storage, served));
    }

    private static Upkeep upkeep(
            Pace pace,
            KubernetesService service,
            Bootstrap bootstrap,
            CustomApiServices services,
            ServiceAddresses addresses) {
        return new Upkeep(
                pace,
                Duration.ofSeconds(5),
                List.of(
                        new Upkeep.Task("the Service kubernetes", 1, service::round),
                        new Upkeep.Task("what every cluster has", 1, bootstrap::run),
                        new Upkeep.Task("APIServices of definitions", 1, services::round),
                        new Upkeep.Task("addresses of Services", 12, addresses::repair)),
                (name, e) -> LOG.warn("{} could not be kept up to date: {}", name, e.getMessage()));
    }

    private static BootstrapOptions bootstrap(ApiServerOptions options, String advertise, int port, ServerKeys keys) {
        return new BootstrapOptions(
                options.cluster().serverName(),
                advertise,
                port,
                Cidr.parse(options.cluster().serviceRange()),
                Map.of("client-ca-file", new String(keys.clientCa(), StandardCharsets.US_ASCII)));
    }

    private static List<AdmissionPlugin> plugins(
            Authorizer authorizer, RbacAuthorizer rbac, ServedTypes served, AdmissionPlugin... webhooks) {
        List<AdmissionPlugin> more = new ArrayList<>();
        more.add(new TerminatingTypes(served));
        more.addAll(List.of(webhooks));
        more.add(new EscalationCheck(authorizer, rbac));
        more.add(CertificateDecisions.approval(authorizer));
        more.add(CertificateDecisions.signing(authorizer));
        more.add(new OwnerReferencesPermission(authorizer, served));
        return more;
    }

    private static PeerCertificates peers(ServerKeys keys) {
        try {
            return PeerCertificates.of(keys.clientCa());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("--client-ca-file holds no certificate: " + e.getMessage(), e);
        }
    }

    private static HealthChecks health(ObjectStorage storage, AtomicBoolean bootstrapped, AtomicBoolean stopping) {
        var health = new HealthChecks();
        health.addLive("etcd", storage::trouble);
        health.addLive(
                "poststarthook/bootstrap",
                () -> bootstrapped.get() ? Optional.empty() : Optional.of("the defaults are being put in place"));
        health.addReady("shutdown", () -> stopping.get() ? Optional.of("the server stops") : Optional.empty());
        return health;
    }
}
