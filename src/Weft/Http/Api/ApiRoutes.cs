using Weft.Core.Access;
using Weft.Http.Access;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>The route table of the API.</summary>
internal static class ApiRoutes
{
    public const string V1 = $"{ErrorSurface.ApiRoot}/v1";
    public const string Tasks = $"{V1}/tasks";
    public const string Groups = $"{V1}/groups";
    public const string Operations = $"{V1}/operations";
    public const string Queues = $"{V1}/queues";
    public const string Modules = $"{V1}/modules";
    public const string Blobs = $"{V1}/blobs";
    public const string Workers = $"{V1}/workers";
    public const string Board = $"{V1}/board";
    public const string Audit = $"{V1}/audit";
    public const string Tokens = $"{V1}/tokens";
    public const string Webhooks = $"{V1}/webhooks";

    public static IServiceCollection AddWeftApi(this IServiceCollection services) => services
        .AddSingleton<SubmitEndpoints>()
        .AddSingleton<ClaimEndpoint>()
        .AddSingleton<SettleEndpoints>()
        .AddSingleton<TaskEndpoints>()
        .AddSingleton<TaskHistoryEndpoints>()
        .AddSingleton<GroupEndpoints>()
        .AddSingleton<GroupResultsEndpoint>()
        .AddSingleton<OperationEndpoints>()
        .AddSingleton<QueueEndpoints>()
        .AddSingleton<QueueModuleEndpoints>()
        .AddSingleton<VerifyEndpoints>()
        .AddSingleton<VerificationEndpoints>()
        .AddSingleton<GroupProofEndpoints>()
        .AddSingleton<ModuleEndpoints>()
        .AddSingleton<BlobEndpoints>()
        .AddSingleton<AuditEndpoints>()
        .AddSingleton<WorkerEndpoints>()
        .AddSingleton<BoardEndpoints>()
        .AddSingleton<OverviewEndpoints>()
        .AddSingleton<EventsEndpoint>()
        .AddSingleton<AccessEndpoint>()
        .AddSingleton<TokenEndpoints>()
        .AddSingleton<WebhookEndpoints>();

    public static void MapWeftApi(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var submit = services.GetRequiredService<SubmitEndpoints>();
        routes.MapPost(Tasks, submit.SubmitAsync).RequireScope(Scope.Submit);
        routes.MapPost($"{Tasks}/batch", submit.SubmitBatchAsync).RequireScope(Scope.Submit);

        routes.MapPost($"{Tasks}/claim", services.GetRequiredService<ClaimEndpoint>().ClaimAsync)
            .RequireScope(Scope.Work);

        var settle = services.GetRequiredService<SettleEndpoints>();
        routes.MapPost($"{Tasks}/settle", settle.SettleAsync).RequireScope(Scope.Work);
        routes.MapPost($"{Tasks}/{{id}}/complete", settle.CompleteAsync).RequireScope(Scope.Work);
        routes.MapPost($"{Tasks}/{{id}}/fail", settle.FailAsync).RequireScope(Scope.Work);
        routes.MapPost($"{Tasks}/{{id}}/release", settle.ReleaseAsync).RequireScope(Scope.Work);
        routes.MapPost($"{Tasks}/{{id}}/heartbeat", settle.HeartbeatAsync).RequireScope(Scope.Work);

        var tasks = services.GetRequiredService<TaskEndpoints>();
        routes.MapRead(Tasks, tasks.ListAsync).RequireScope(Scope.Submit | Scope.Read);
        routes.MapRead($"{Tasks}/{{id}}", tasks.GetAsync).RequireScope(Scope.Submit | Scope.Read);
        var history = services.GetRequiredService<TaskHistoryEndpoints>();
        routes.MapRead($"{Tasks}/{{id}}/attempts", history.ListAttemptsAsync).RequireScope(Scope.Submit | Scope.Read);
        routes.MapRead($"{Tasks}/{{id}}/explain", history.ExplainAsync).RequireScope(Scope.Submit | Scope.Read);
        routes.MapPost($"{Tasks}/{{id}}/cancel", tasks.CancelAsync).RequireScope(Scope.Submit);
        routes.MapPost($"{Tasks}/{{id}}/retry", tasks.RetryAsync).RequireScope(Scope.Submit);

        var groups = services.GetRequiredService<GroupEndpoints>();
        routes.MapPost(Groups, groups.CreateAsync).RequireScope(Scope.Submit);
        routes.MapRead(Groups, groups.ListAsync).RequireScope(Scope.Submit | Scope.Read);
        routes.MapRead($"{Groups}/{{id}}", groups.GetAsync).RequireScope(Scope.Submit | Scope.Read);
        routes.MapRead($"{Groups}/{{id}}/results", services.GetRequiredService<GroupResultsEndpoint>().ListAsync)
            .RequireScope(Scope.Submit | Scope.Read);
        routes.MapPost($"{Groups}/{{id}}/seal", groups.SealAsync).RequireScope(Scope.Submit);
        routes.MapPost($"{Groups}/{{id}}/cancel", groups.CancelAsync).RequireScope(Scope.Submit);

        var operations = services.GetRequiredService<OperationEndpoints>();
        routes.MapPost(Operations, operations.StartAsync).RequireScope(Scope.Submit);
        routes.MapRead(Operations, operations.ListAsync).RequireScope(Scope.Submit | Scope.Read);
        routes.MapRead($"{Operations}/{{id}}", operations.GetAsync).RequireScope(Scope.Submit | Scope.Read);
        routes.MapPost($"{Operations}/{{id}}/cancel", operations.StopAsync).RequireScope(Scope.Submit);

        var queues = services.GetRequiredService<QueueEndpoints>();
        routes.MapRead(Queues, queues.ListAsync).RequireScope(Scope.Read);
        routes.MapRead($"{Queues}/{{queue}}", queues.GetAsync).RequireScope(Scope.Read);
        routes.MapPost($"{Queues}/{{queue}}/pause", queues.PauseAsync).RequireScope(Scope.Admin);
        routes.MapPost($"{Queues}/{{queue}}/resume", queues.ResumeAsync).RequireScope(Scope.Admin);
        routes.MapPost($"{Queues}/{{queue}}/purge", queues.PurgeAsync).RequireScope(Scope.Admin);

        var verify = services.GetRequiredService<VerifyEndpoints>();
        routes.MapRead($"{Tasks}/{{id}}/answers", verify.ListAnswersAsync).RequireScope(Scope.Submit | Scope.Read);
        var proofs = services.GetRequiredService<GroupProofEndpoints>();
        routes.MapRead($"{Groups}/{{id}}/corrections", proofs.ListCorrectionsAsync)
            .RequireScope(Scope.Submit | Scope.Read);
        routes.MapRead($"{Groups}/{{id}}/receipts", proofs.ListReceiptsAsync)
            .RequireScope(Scope.Submit | Scope.Read);
        var found = services.GetRequiredService<VerificationEndpoints>();
        routes.MapRead($"{Queues}/{{queue}}/verification", found.GetQueueAsync).RequireScope(Scope.Read);
        routes.MapRead($"{Groups}/{{id}}/verification", found.GetGroupAsync).RequireScope(Scope.Submit | Scope.Read);
        routes.MapRead($"{Queues}/{{queue}}/verify", verify.GetAsync).RequireScope(Scope.Submit | Scope.Read);
        routes.MapPut($"{Queues}/{{queue}}/verify", verify.SetAsync).RequireScope(Scope.Admin);
        routes.MapDelete($"{Queues}/{{queue}}/verify", verify.ClearAsync).RequireScope(Scope.Admin);

        var queueModules = services.GetRequiredService<QueueModuleEndpoints>();
        routes.MapPut($"{Queues}/{{queue}}/module", queueModules.SetAsync).RequireScope(Scope.Admin);
        routes.MapDelete($"{Queues}/{{queue}}/module", queueModules.ClearAsync).RequireScope(Scope.Admin);

        var modules = services.GetRequiredService<ModuleEndpoints>();
        routes.MapPut(Modules, modules.PushAsync).RequireScope(Scope.Submit);
        routes.MapRead(Modules, modules.ListAsync).RequireScope(Scope.Submit | Scope.Read);
        routes.MapRead($"{Modules}/{{sha256}}", modules.GetAsync).RequireScope(Scope.Submit | Scope.Work | Scope.Read);
        routes.MapDelete($"{Modules}/{{sha256}}", modules.DeleteAsync).RequireScope(Scope.Submit);

        var blobs = services.GetRequiredService<BlobEndpoints>();
        routes.MapRead(Blobs, blobs.ListAsync).RequireScope(Scope.Submit | Scope.Read);
        routes.MapPut($"{Blobs}/{{sha256}}", blobs.PushAsync).RequireScope(Scope.Submit);
        routes.MapRead($"{Blobs}/{{sha256}}", blobs.GetAsync).RequireScope(Scope.Submit | Scope.Work | Scope.Read);
        routes.MapDelete($"{Blobs}/{{sha256}}", blobs.DeleteAsync).RequireScope(Scope.Submit);
        routes.MapPut($"{Tasks}/{{id}}/outputs/{{sha256}}", blobs.PushOutputAsync).RequireScope(Scope.Work);

        var workers = services.GetRequiredService<WorkerEndpoints>();
        routes.MapRead(Workers, workers.ListAsync).RequireScope(Scope.Read);
        routes.MapPost(Workers, workers.RegisterAsync).RequireScope(Scope.Work);

        var board = services.GetRequiredService<BoardEndpoints>();
        routes.MapRead(Board, board.ListAsync).RequireScope(Scope.Submit | Scope.Work | Scope.Read);
        routes.MapPut(Board, board.SetAsync).RequireScope(Scope.Work);
        routes.MapDelete($"{Board}/{{worker}}", board.TakeOffAsync).RequireScope(Scope.Admin);

        routes.MapRead(Audit, services.GetRequiredService<AuditEndpoints>().ListAsync).RequireScope(Scope.Admin);
        routes.MapRead($"{V1}/access", services.GetRequiredService<AccessEndpoint>().GetAsync)
            .RequireScope(Scope.Submit | Scope.Work | Scope.Read | Scope.Metrics);
        var overview = services.GetRequiredService<OverviewEndpoints>();
        routes.MapRead($"{V1}/overview", overview.GetAsync).RequireScope(Scope.Read);
        routes.MapRead($"{V1}/series", overview.GetSeriesAsync).RequireScope(Scope.Read);
        routes.MapRead($"{V1}/events", services.GetRequiredService<EventsEndpoint>().FollowAsync)
            .RequireScope(Scope.Submit | Scope.Read);

        var tokens = services.GetRequiredService<TokenEndpoints>();
        routes.MapPost(Tokens, tokens.CreateAsync).RequireScope(Scope.Admin);
        routes.MapRead(Tokens, tokens.ListAsync).RequireScope(Scope.Admin);
        routes.MapDelete($"{Tokens}/{{id}}", tokens.RevokeAsync).RequireScope(Scope.Admin);

        var webhooks = services.GetRequiredService<WebhookEndpoints>();
        routes.MapPost(Webhooks, webhooks.AddAsync).RequireScope(Scope.Submit);
        routes.MapRead(Webhooks, webhooks.ListAsync).RequireScope(Scope.Submit);
        routes.MapRead($"{Webhooks}/{{id}}", webhooks.GetAsync).RequireScope(Scope.Submit);
        routes.MapDelete($"{Webhooks}/{{id}}", webhooks.DeleteAsync).RequireScope(Scope.Submit);
        routes.MapPost($"{Webhooks}/{{id}}/enable", webhooks.EnableAsync).RequireScope(Scope.Submit);
        routes.MapPost($"{Webhooks}/{{id}}/test", webhooks.TestAsync).RequireScope(Scope.Submit);
        routes.MapPost($"{Webhooks}/{{id}}/rotate", webhooks.RotateAsync).RequireScope(Scope.Submit);
        routes.MapRead($"{Webhooks}/{{id}}/deliveries", webhooks.ListDeliveriesAsync).RequireScope(Scope.Submit);
    }
}
