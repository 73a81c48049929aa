using Weft.Core.Access;
using Weft.Core.Events;
using Weft.Core.Storage;
using Weft.Core.UseCases;
using Weft.Core.Waiting;
using Weft.Core.Webhooks;
using Weft.Core.Workers;
using Weft.Http;
using Weft.Http.Access;
using Weft.Http.Api;
using Weft.Http.Bounds;
using Weft.Http.Frozen;
using Weft.Http.Pipeline;
using Weft.Http.StaticFiles;

namespace Weft.Serve;

/// <summary>The parts of the coordinator that requests need, from the store up to the endpoints.</summary>
internal static class CoordinatorServices
{
    public static void AddWeftCoordinator(
        this IServiceCollection services, CoordinatorStore store, TimeProvider time, ServeOptions options)
    {
        services.AddSingleton(time);
        AddStore(services, store);
        AddAccess(services, time, options);
        AddWaiting(services, store, time, options.Bounds);
        AddUseCases(services, options);
        AddHttp(services, options);
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
}
