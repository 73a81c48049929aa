using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;
using Weft.Background;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Events;
using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Core.Time;
using Weft.Core.UseCases;
using Weft.Core.Waiting;
using Weft.Core.Watching;
using Weft.Core.Webhooks;
using Weft.Core.Workers;
using Weft.Http;
using Weft.Http.Access;
using Weft.Http.Api;
using Weft.Http.Bounds;
using Weft.Http.Frozen;
using Weft.Http.Pipeline;
using Weft.Http.StaticFiles;
using Weft.Metrics;
using Weft.Serve.Room;

namespace Weft.Serve;

/// <summary>The coordinator as a web application: its parts, and the pipeline that a request goes through.</summary>
internal static class CoordinatorApp
{
    private const string MeterName = "weft";

    // Less than the 5 s within which a stop is promised.
    private static readonly TimeSpan StopTimeMax = TimeSpan.FromSeconds(4);

    // A revoked token must soon be invalid on the other coordinators of a shared store too.
    private static readonly TimeSpan TokensInterval = TimeSpan.FromSeconds(2);

    /// <summary>Opens the store and builds the application, which doesn't listen yet.</summary>
    /// <exception cref="StoreException">The store can't be used.</exception>
    /// <exception cref="CommandLine.CommandFailure">The certificate can't be used, or the data folder is not to be
    /// trusted.</exception>
    public static async Task<WebApplication> BuildAsync(ServeOptions options)
    {
        var certificate = TlsCertificate.Of(options.Network);
        var time = new BootTimeProvider();
        var meter = new Meter(MeterName);
        var storeMeter = new StoreMeter(meter, options.MetricsQueues);
        var events = new EventLog(time);
        var store = await CoordinatorStore.OpenAsync(options, time, storeMeter, events);
        // Empty: the others read appsettings.json and watch every folder beside the binary for changes of it.
        var builder =
            WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        if (certificate is not null) TlsServing.Add(builder, certificate);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options, certificate));
        builder.WebHost.UseSockets(SocketThreads.Configure);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = StopTimeMax);
        AddLogging(builder.Logging);
        AddCoordinator(builder.Services, store, time, options);
        builder.Services.AddSingleton(events);
        builder.Services.AddWeftMetrics(meter, storeMeter, options);

        var app = builder.Build();
        app.UseWeftOffTheStoreThread();
        app.UseWeftRequestErrors();
        app.UseTrustedProxies(options.Network.TrustedProxies);
        var origins = new Origins(options.Network.CorsOrigins, options.Network.PublicNames);
        app.UseWeftResponseHeaders(origins, isTls: certificate is not null && !options.Lab);
        app.UseWeftAddressRates();
        app.UseWeftOptions();
        app.UseWeftHostNames(options.Network.PublicNames);
        app.UseWeftOrigins(origins);
        app.UseWeftRoom(options);
        app.UseRouting();
        app.UseWeftAccess();
        app.UseWeftTokenRates();
        app.UseWeftStaticFiles();
        Connect(app, store.Tasks);
        Map(app);
        app.MapWeftRoom(options);
        app.RequireAccessOnAll();
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, ServeOptions options, TlsCertificate? certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = DigitsOnlyContentLength.Select;
        KestrelBounds.Apply(kestrel.Limits, options);
        kestrel.Listen(System.Net.IPAddress.Parse(options.Host), options.Port, listen =>
        {
            listen.Use(kestrel.ApplicationServices.GetRequiredService<ConnectionCount>().Guard);
            var all = KestrelBounds.Connections(options.Bounds.Connections, OpenFiles.Max);
            var perAddress = AddressConnections.MaxFor(options.Bounds.ConnectionsPerAddress, all);
            if (perAddress > 0) listen.Use(new AddressConnections(perAddress, options.Network.TrustedProxies).Guard);
            // With HTTP/2 one connection is a hundred requests, so that no bound on connections bounds anything.
            listen.Protocols = HttpProtocols.Http1;
            if (certificate is null) return;
            if (options.Lab) PlainBesideTls.Use(listen, tls => tls.UseCertificate(certificate));
            else listen.UseCertificate(certificate);
        });
    }

    private static void AddLogging(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(static console => console.SingleLine = true);
        // A log that isn't drained, or that a flood fills, must not block requests.
        logging.Services.Configure<ConsoleLoggerOptions>(static console =>
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        // One line for each rejected connection would be a flood of its own.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Connections", LogLevel.Error);
        logging.SetMinimumLevel(LogLevel.Warning);
        // If it were enabled, it would create an activity and a log scope for each request, which nothing uses.
        // RequestErrors logs what a request throws, or Kestrel does when the answer has begun.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // Reports a slow stop or a port in use in its own words; ours are printed where they happen.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
    }

    private static void AddCoordinator(IServiceCollection services, CoordinatorStore store, TimeProvider time,
        ServeOptions options)
    {
        services.AddSingleton(time);
        AddStore(services, store);
        AddAccess(services, time, options);
        AddWaiting(services, store, time, options.Bounds);
        AddUseCases(services, options);
        AddHttp(services, options);
        AddBackground(services, store, time, options);
    }

    private static void AddStore(IServiceCollection services, CoordinatorStore store)
    {
        services.AddSingleton(store);
        services.AddSingleton(store.Tasks);
        services.AddSingleton(store.Modules);
        services.AddSingleton(store.Blobs);
        services.AddSingleton(store.Verification);
        services.AddSingleton(store.Tokens);
        services.AddSingleton(store.Bulk);
        services.AddSingleton(store.Audit);
        services.AddSingleton(store.Webhooks);
        services.AddSingleton(store.Samples);
        services.AddSingleton(store.Board);
        services.AddSingleton(store.Health);
        services.AddSingleton(store.Gauges);
    }

    private static void AddAccess(IServiceCollection services, TimeProvider time, ServeOptions options)
    {
        services.AddSingleton<TokenCache>();
        services.AddSingleton(provider => new AccessControl(
            options.Access == AccessMode.Tokens, options.LegacyOpen, provider.GetRequiredService<TokenCache>(), time));
    }

    private static void AddWaiting(IServiceCollection services, CoordinatorStore store, TimeProvider time,
        ServeBounds bounds)
    {
        services.AddSingleton<ClaimWaitingRoom>();
        services.AddSingleton<FinishWaitingRoom>();
        services.AddSingleton<CompletionSignal>();
        services.AddSingleton<BulkWakeUp>();
        services.AddSingleton<WebhookWakeUp>();
        services.AddSingleton(provider => new WorkerRegistry(
            time, bounds.WorkersRemembered, provider.GetRequiredService<EventLog>()));
        services.AddSingleton(provider => new WorkerDirectory(
            provider.GetRequiredService<WorkerRegistry>(), time, store.Workers, bounds.WorkersRemembered));
    }

    private static void AddUseCases(IServiceCollection services, ServeOptions options)
    {
        services.AddSingleton<BarredWorkers>();
        services.AddSingleton<ProveWorkers>();
        services.AddSingleton<VerifyTasks>();
        services.AddSingleton<WatchVerification>();
        services.AddSingleton<SubmitTasks>();
        services.AddSingleton<ClaimTasks>();
        services.AddSingleton<SettleTasks>();
        services.AddSingleton<ReadTasks>();
        services.AddSingleton<ExplainTask>();
        services.AddSingleton<ChangeTask>();
        services.AddSingleton<CancelTasks>();
        services.AddSingleton<BulkOperations>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton(provider => new ManageWebhooks(
            provider.GetRequiredService<IWebhookStore>(), provider.GetRequiredService<IWebhookSender>(),
            provider.GetRequiredService<WebhookWakeUp>(), options.Webhooks.ForSubmitters,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<CountTasks>();
        services.AddSingleton<TaskGroups>();
        services.AddSingleton<FollowResults>();
        services.AddSingleton<FollowEvents>();
        services.AddSingleton<TaskQueues>();
        services.AddSingleton<ListWorkers>();
        if (options.Board) services.AddSingleton<NameBoard>();
        services.AddSingleton<PythonPackages>();
        services.AddSingleton<PushModule>();
        services.AddSingleton<ModuleJudge>();
        services.AddSingleton<StoredModules>();
        services.AddSingleton<PushBlob>();
        services.AddSingleton<PushOutput>();
        services.AddSingleton<StoredBlobs>();
    }

    private static void AddHttp(IServiceCollection services, ServeOptions options)
    {
        var bounds = options.Bounds;
        services.AddSingleton(options);
        services.AddSingleton(bounds);
        services.AddSingleton<Transfers>().AddSingleton<EventFollowers>().AddSingleton<WebhookTries>();
        services.AddSingleton(new ByteBudget(bounds.InFlightBytesFor(options.BodyBytesMax),
            bounds.InFlightBytesPerClientFor(options.BodyBytesMax)));
        services.AddSingleton<HeldRequests>();
        services.AddSingleton(new ConnectionCount(KestrelBounds.Connections(bounds.Connections, OpenFiles.Max)));
        services.AddSingleton(new ModuleOptions(options.AllowJavaScriptModules, options.AllowPythonModules ?? false));
        services.AddSingleton(new BlobBounds(bounds.BlobBytes, bounds.BlobsBytes, bounds.OutputBytes));
        services.AddSingleton<FrozenEndpoints>();
        services.AddSingleton<FrozenStatus>();
        services.AddSingleton<HealthEndpoints>();
        services.AddWeftApi();
        services.AddWeftStaticFiles(new() { WebFolder = options.Web });
    }

    private static void AddBackground(IServiceCollection services, CoordinatorStore store, TimeProvider time,
        ServeOptions options)
    {
        AddPeriodic(services, "Sweep", Limits.SweepInterval, _ => new LeaseSweeper(store.Tasks).RunOnceAsync);
        AddPeriodic(services, "Retention", Limits.RetentionInterval, _ =>
            new RetentionCleaner(store.Tasks, store.Blobs, store.Bulk, store.Audit, options.Retention).RunOnceAsync);
        // Where audits are done at once the next follow soon, so that short tasks need no hour for what takes a minute.
        AddPeriodic(services, "Audits", Limits.SweepInterval, _ => _ => store.Verification.AuditAsync(),
            busyInterval: Limits.AuditInterval);
        services.AddSingleton<IHostedService>(static _ => new TracesExport());
        AddBulkRunner(services, store, time, isShared: options.Store is not null);
        services.AddSingleton<IWebhookSender>(new WebhookSender(options.Webhooks, time));
        services.AddSingleton<IHostedService>(provider => new WebhookRunner(
            store.Webhooks, provider.GetRequiredService<IWebhookSender>(),
            provider.GetRequiredService<WebhookWakeUp>(), provider.GetRequiredService<WebhookMeter>(),
            options.Webhooks.ForSubmitters, isShared: options.Store is not null, time,
            provider.GetRequiredService<ILogger<WebhookRunner>>()));
        if (options.Board)
        {
            services.AddSingleton<IHostedService, BoardKeeper>();
            AddPeriodic(services, "Board", Limits.BoardInterval,
                provider => _ => provider.GetRequiredService<NameBoard>().StoreAsync());
        }

        AddPeriodic(services, "Memory", MemoryReturn.Interval,
            provider => new MemoryReturn(provider.GetRequiredService<ByteBudget>()).RunOnceAsync);
        AddPeriodic(
            services, "Watch", Limits.WatchInterval,
            provider => _ =>
            {
                provider.GetRequiredService<WorkerRegistry>().NoteSilent();
                return provider.GetRequiredService<WatchTasks>().LookAsync();
            });
        // What another coordinator of a shared store creates or revokes must take effect here too.
        if (options.Store is not null) AddPeriodic(services, "Tokens", TokensInterval, provider => async _ =>
        {
            await provider.GetRequiredService<TokenCache>().ReloadAsync();
            return 0;
        });
        if (store.Workers is { } presence) AddPeriodic(services, "Workers", Limits.WorkersPublishInterval, provider =>
            new WorkerPublisher(provider.GetRequiredService<WorkerRegistry>(), presence, time,
                options.Bounds.WorkersRemembered).RunOnceAsync);
    }

    private static void AddBulkRunner(
        IServiceCollection services, CoordinatorStore store, TimeProvider time, bool isShared)
    {
        // A coordinator that holds its data folder alone takes up at once what it left when it ended.
        var runner = isShared ? Guid.NewGuid().ToString("n") : "";
        services.AddSingleton<IHostedService>(provider => new BulkRunner(
            store.Bulk, provider.GetRequiredService<BulkWakeUp>(), runner, isShared, time,
            provider.GetRequiredService<ILogger<BulkRunner>>()));
    }

    private static void AddPeriodic(
        IServiceCollection services, string name, TimeSpan interval,
        Func<IServiceProvider, Func<CancellationToken, Task<int>>> work, TimeSpan? busyInterval = null) =>
        services.AddSingleton<IHostedService>(provider => new PeriodicService(
            name, interval, work(provider), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PeriodicService>>(), busyInterval));

    /// <summary>Commits wake waiting requests, and a stop ends them.</summary>
    private static void Connect(WebApplication app, ITaskStore store)
    {
        var claims = app.Services.GetRequiredService<ClaimWaitingRoom>();
        var finishes = app.Services.GetRequiredService<FinishWaitingRoom>();
        var completions = app.Services.GetRequiredService<CompletionSignal>();
        store.BecameReady += claims.Wake;
        store.Freed += claims.Free;
        store.Finished += finishes.Wake;
        store.Finished += _ => completions.Pulse();
        var webhooks = app.Services.GetRequiredService<WebhookWakeUp>();
        store.Finished += _ => webhooks.Finished();
        app.Lifetime.ApplicationStopping.Register(claims.Close);
        app.Lifetime.ApplicationStopping.Register(finishes.Close);
        app.Lifetime.ApplicationStopping.Register(completions.Close);
        app.Lifetime.ApplicationStopping.Register(app.Services.GetRequiredService<EventLog>().Close);
    }

    private static void Map(WebApplication app)
    {
        app.Services.GetRequiredService<FrozenEndpoints>().Map(app);
        app.Services.GetRequiredService<FrozenStatus>().Map(app);
        app.Services.GetRequiredService<HealthEndpoints>().Map(app);
        app.MapWeftApi();
        app.MapWeftMetrics();
    }
}
