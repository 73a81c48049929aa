using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;
using Weft.Background;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Time;
using Weft.Core.UseCases;
using Weft.Core.Waiting;
using Weft.Core.Workers;
using Weft.Http;
using Weft.Http.Access;
using Weft.Http.Api;
using Weft.Http.Bounds;
using Weft.Http.Frozen;
using Weft.Http.StaticFiles;

namespace Weft.Serve;

/// <summary>The coordinator as a web application: what it is made of, and the way of a request through it.</summary>
internal static class CoordinatorApp
{
    // Under the 5 s in which a stop is promised.
    private static readonly TimeSpan StopTimeMax = TimeSpan.FromSeconds(4);

    // A revoked token must not outlive its revocation for long on the other coordinators of a shared store.
    private static readonly TimeSpan TokensInterval = TimeSpan.FromSeconds(2);

    /// <summary>Opens the store and puts the application together; it doesn't listen yet.</summary>
    /// <exception cref="StoreException">The store can't be used.</exception>
    /// <exception cref="Cli.CommandFailure">The certificate can't be used.</exception>
    public static async Task<WebApplication> BuildAsync(ServeOptions options)
    {
        var certificate = TlsCertificate.Of(options.Network);
        var time = new SteadyTimeProvider();
        var store = await CoordinatorStore.OpenAsync(options, time);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        if (certificate is not null) TlsServing.Add(builder, certificate);
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options, certificate));
        builder.WebHost.UseSockets(SocketThreads.Configure);
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = StopTimeMax);
        AddLogging(builder.Logging);
        AddCoordinator(builder.Services, store, time, options);

        var app = builder.Build();
        app.UseWeftOffTheStoreThread();
        app.UseTrustedProxies(options.Network.TrustedProxies);
        app.UseWeftResponseHeaders(options.Network.CorsOrigins, isTls: certificate is not null);
        app.UseWeftHostNames(options.Network.PublicNames);
        app.UseWeftRequestErrors();
        app.UseWeftAddressRates();
        app.UseRouting();
        app.UseWeftAccess();
        app.UseWeftTokenRates();
        app.UseWeftStaticFiles();
        Connect(app, store.Tasks);
        Map(app);
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, ServeOptions options, TlsCertificate? certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = LengthDigits.Select;
        KestrelBounds.Apply(kestrel.Limits, options);
        kestrel.Listen(System.Net.IPAddress.Parse(options.Host), options.Port, listen =>
        {
            if (options.Bounds.ConnectionsPerAddress > 0) listen.Use(new AddressConnections(options.Bounds.ConnectionsPerAddress, options.Network.TrustedProxies).Guard);
            if (certificate is not null) listen.UseCertificate(certificate);
        });
    }

    private static void AddLogging(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(static console => console.SingleLine = true);
        // A log that nobody reads, or that a flood fills, must not hold up requests.
        logging.Services.Configure<ConsoleLoggerOptions>(static console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        // A line for each connection that is turned away would be a flood of its own.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Connections", LogLevel.Error);
        logging.SetMinimumLevel(LogLevel.Warning);
        // Had it anything to log to, it would make an activity and a log scope for each request, which nobody reads.
        // What a request throws is logged by RequestErrors, or by Kestrel when its answer has begun.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // Its own words for a stop that took too long or a port that is taken; ours are printed where they arise.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
    }

    private static void AddCoordinator(IServiceCollection services, CoordinatorStore store, TimeProvider time, ServeOptions options)
    {
        services.AddSingleton(time);
        services.AddSingleton(store);
        services.AddSingleton(store.Tasks);
        services.AddSingleton(store.Health);
        services.AddSingleton<HealthEndpoints>();
        services.AddSingleton(store.Tokens);
        services.AddSingleton<TokenBook>();
        services.AddSingleton(provider => new AccessControl(options.Access == AccessMode.Tokens, options.LegacyOpen, provider.GetRequiredService<TokenBook>(), time));
        services.AddSingleton(options.Bounds);
        services.AddSingleton(new ByteBudget(options.Bounds.InFlightBytesFor(options.BodyBytesMax)));
        services.AddSingleton<HeldRequests>();
        services.AddSingleton(store.Modules);
        services.AddSingleton<ClaimWaitingRoom>();
        services.AddSingleton<FinishWaitingRoom>();
        services.AddSingleton<FinishPulse>();
        services.AddSingleton(new WorkerRegistry(time, options.Bounds.WorkersRemembered));
        services.AddSingleton(provider => new WorkerDirectory(provider.GetRequiredService<WorkerRegistry>(), time, store.Workers, options.Bounds.WorkersRemembered));
        if (store.Workers is { } board) services.AddSingleton<IHostedService>(provider => Periodic(
            provider, "Workers", Limits.WorkersPublishInterval, new WorkerPublisher(provider.GetRequiredService<WorkerRegistry>(), board, time, options.Bounds.WorkersRemembered).RunOnceAsync));
        services.AddSingleton<ClaimTasks>();
        services.AddSingleton<SettleTasks>();
        services.AddSingleton<WatchTask>();
        services.AddSingleton<PushModule>();
        services.AddSingleton(new ModuleOptions(options.AllowJavaScriptModules));
        services.AddSingleton<FollowResults>();
        services.AddSingleton<FrozenEndpoints>();
        services.AddSingleton<FrozenStatus>();
        services.AddWeftApi();
        services.AddWeftStaticFiles(new() { WebFolder = options.Web });
        if (options.Store is not null) services.AddSingleton<IHostedService>(provider => Periodic(provider, "Tokens", TokensInterval, async _ =>
        {
            // What another coordinator creates or revokes counts here, too.
            await provider.GetRequiredService<TokenBook>().ReloadAsync();
            return 0;
        }));
        services.AddSingleton<IHostedService>(provider => Periodic(provider, "Sweep", Limits.SweepInterval, new LeaseSweeper(store.Tasks).RunOnceAsync));
        services.AddSingleton<IHostedService>(provider => Periodic(provider, "Retention", Limits.RetentionInterval, new RetentionCleaner(store.Tasks, options.Retention).RunOnceAsync));
        services.AddSingleton<IHostedService>(provider => Periodic(provider, "Memory", MemoryReturn.Interval, new MemoryReturn(provider.GetRequiredService<ByteBudget>()).RunOnceAsync));
    }

    private static PeriodicService Periodic(IServiceProvider provider, string name, TimeSpan interval, Func<CancellationToken, Task<int>> runOnce) =>
        new(name, interval, runOnce, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<PeriodicService>>());

    /// <summary>Commits wake those who wait, and a stop sends them home.</summary>
    private static void Connect(WebApplication app, ITaskStore store)
    {
        var claims = app.Services.GetRequiredService<ClaimWaitingRoom>();
        var finishes = app.Services.GetRequiredService<FinishWaitingRoom>();
        var pulse = app.Services.GetRequiredService<FinishPulse>();
        store.BecameReady += claims.Wake;
        store.Finished += finishes.Wake;
        store.Finished += _ => pulse.Beat();
        app.Lifetime.ApplicationStopping.Register(claims.Close);
        app.Lifetime.ApplicationStopping.Register(finishes.Close);
        app.Lifetime.ApplicationStopping.Register(pulse.Close);
    }

    private static void Map(WebApplication app)
    {
        app.Services.GetRequiredService<FrozenEndpoints>().Map(app);
        app.Services.GetRequiredService<FrozenStatus>().Map(app);
        app.Services.GetRequiredService<HealthEndpoints>().Map(app);
        app.MapWeftApi();
        app.RequireAccessOnAll();
    }
}
