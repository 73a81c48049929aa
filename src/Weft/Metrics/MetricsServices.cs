using System.Diagnostics.Metrics;
using Weft.Core.Events;
using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Core.UseCases;
using Weft.Core.Watching;
using Weft.Http;
using Weft.Http.Bounds;
using Weft.Http.Pipeline;
using Weft.Serve;

namespace Weft.Metrics;

/// <summary>Adds the metrics to a coordinator.</summary>
internal static class MetricsServices
{
    /// <param name="services">The coordinator's.</param>
    /// <param name="meter">The meter of all instruments.</param>
    /// <param name="store">The store's own metrics.</param>
    /// <param name="options">Who may read them, and for how many queues.</param>
    public static void AddWeftMetrics(
        this IServiceCollection services, Meter meter, StoreMeter store, ServeOptions options)
    {
        services.AddSingleton(new ClaimMeter(meter));
        services.AddSingleton(new RequestMeter(meter));
        services.AddSingleton(new WebhookMeter(meter));
        services.AddSingleton<TakeSnapshot>();
        services.AddSingleton(provider => new WatchTasks(
            store.Tasks, provider.GetRequiredService<TakeSnapshot>(), provider.GetRequiredService<ISampleStore>(),
            NameOf(options), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new MetricsExport(meter, provider));
        services.AddSingleton<IHostedService>(provider =>
        {
            _ = new SnapshotGauges(
                meter, provider.GetRequiredService<TakeSnapshot>(), store.Tasks,
                provider.GetRequiredService<TimeProvider>());
            _ = new BoundGauges(
                meter, provider.GetRequiredService<HeldRequests>(),
                provider.GetRequiredService<ConnectionCount>(), provider.GetRequiredService<ByteBudget>());
            _ = new EventGauges(meter, provider.GetRequiredService<EventLog>());
            _ = new ProcessGauges(meter, options, provider.GetRequiredService<TimeProvider>());
            return provider.GetRequiredService<MetricsExport>();
        });
        services.AddSingleton(provider => new MetricsEndpoint(
            options, provider.GetRequiredService<MetricsExport>(), provider.GetRequiredService<TakeSnapshot>()));
    }

    /// <summary>The name under which a coordinator finds its own samples after a restart.</summary>
    private static string NameOf(ServeOptions options) =>
        options.Store is null ? "" : $"{Environment.MachineName}:{options.Port}";

    public static void MapWeftMetrics(this IEndpointRouteBuilder routes) =>
        routes.ServiceProvider.GetRequiredService<MetricsEndpoint>().Map(routes);
}
