using Weft.Background;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Metrics;
using Weft.Core.UseCases;
using Weft.Core.Waiting;
using Weft.Core.Watching;
using Weft.Core.Webhooks;
using Weft.Core.Workers;
using Weft.Http.Bounds;
using Weft.Metrics;

namespace Weft.Serve;

/// <summary>What the coordinator does without being asked, from its start to its stop.</summary>
internal static class BackgroundServices
{
    // A revoked token must soon be invalid on the other coordinators of a shared store too.
    private static readonly TimeSpan TokensInterval = TimeSpan.FromSeconds(2);

    public static void AddWeftBackground(
        this IServiceCollection services, CoordinatorStore store, TimeProvider time, ServeOptions options)
    {
        AddUpkeep(services, store, options);
        services.AddSingleton<IHostedService>(static _ => new TracesExport());
        AddBulkRunner(services, store, time, isShared: options.Store is not null);
        AddWebhooks(services, store, time, options);
        if (options.Board) AddBoard(services);
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

    private static void AddUpkeep(IServiceCollection services, CoordinatorStore store, ServeOptions options)
    {
        AddPeriodic(services, "Sweep", Limits.SweepInterval, _ => new LeaseSweeper(store.Tasks).RunOnceAsync);
        AddPeriodic(services, "Retention", Limits.RetentionInterval, _ =>
            new RetentionCleaner(store.Tasks, store.Blobs, store.Bulk, store.Audit, options.Retention).RunOnceAsync);
        // Only so many are under way at a time. Where one is done the next follows soon: else audits of short tasks get
        // next to nothing of the workers, and liars are found late.
        AddPeriodic(services, "Audits", Limits.SweepInterval, _ => _ => store.Verification.AuditAsync(),
            busyInterval: Limits.AuditInterval, busyRounds: Limits.AuditLooks);
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

    private static void AddWebhooks(
        IServiceCollection services, CoordinatorStore store, TimeProvider time, ServeOptions options)
    {
        services.AddSingleton<IWebhookSender>(new WebhookSender(options.Webhooks, time));
        services.AddSingleton<IHostedService>(provider => new WebhookRunner(
            store.Webhooks, provider.GetRequiredService<IWebhookSender>(),
            provider.GetRequiredService<WebhookWakeUp>(), provider.GetRequiredService<WebhookMeter>(),
            options.Webhooks.ForSubmitters, isShared: options.Store is not null, time,
            provider.GetRequiredService<ILogger<WebhookRunner>>()));
    }

    private static void AddBoard(IServiceCollection services)
    {
        services.AddSingleton<IHostedService, BoardKeeper>();
        AddPeriodic(services, "Board", Limits.BoardInterval,
            provider => _ => provider.GetRequiredService<NameBoard>().StoreAsync());
    }

    private static void AddPeriodic(
        IServiceCollection services, string name, TimeSpan interval,
        Func<IServiceProvider, Func<CancellationToken, Task<int>>> work, TimeSpan? busyInterval = null,
        int busyRounds = 1) =>
        services.AddSingleton<IHostedService>(provider => new PeriodicService(
            name, interval, work(provider), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PeriodicService>>(), busyInterval, busyRounds));
}
