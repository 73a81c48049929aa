using System.Diagnostics.Metrics;
using Weft.Core.Events;
using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Core.Time;
using Weft.Core.Waiting;
using Weft.Http;
using Weft.Http.Access;
using Weft.Http.Api;
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
        builder.WebHost.ConfigureKestrel(kestrel => KestrelListening.Configure(kestrel, options, certificate));
        builder.WebHost.UseSockets(SocketThreads.Configure);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = StopTimeMax);
        builder.Logging.AddWeftLogging();
        builder.Services.AddWeftCoordinator(store, time, options);
        builder.Services.AddWeftBackground(store, time, options);
        builder.Services.AddSingleton(events);
        builder.Services.AddWeftMetrics(meter, storeMeter, options);

        var app = builder.Build();
        UsePipeline(app, options, isTls: certificate is not null && !options.Lab);
        Connect(app, store.Tasks);
        Map(app, options);
        return app;
    }

    /// <summary>What each request goes through, in this order.</summary>
    private static void UsePipeline(WebApplication app, ServeOptions options, bool isTls)
    {
        app.UseWeftOffTheStoreThread();
        app.UseWeftRequestErrors();
        app.UseTrustedProxies(options.Network.TrustedProxies);
        var origins = new Origins(options.Network.CorsOrigins, options.Network.PublicNames);
        app.UseWeftResponseHeaders(origins, isTls);
        app.UseWeftAddressRates();
        app.UseWeftOptions();
        app.UseWeftHostNames(options.Network.PublicNames);
        app.UseWeftOrigins(origins);
        app.UseWeftRoom(options);
        app.UseRouting();
        app.UseWeftAccess();
        app.UseWeftTokenRates();
        app.UseWeftStaticFiles();
    }

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

    private static void Map(WebApplication app, ServeOptions options)
    {
        app.Services.GetRequiredService<FrozenEndpoints>().Map(app);
        app.Services.GetRequiredService<FrozenStatus>().Map(app);
        app.Services.GetRequiredService<HealthEndpoints>().Map(app);
        app.MapWeftApi();
        app.MapWeftMetrics();
        app.MapWeftRoom(options);
        app.RequireAccessOnAll();
    }
}
