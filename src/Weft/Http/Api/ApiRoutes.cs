namespace Weft.Http.Api;

/// <summary>The API's table of contents: which request goes to which handler.</summary>
internal static class ApiRoutes
{
    /// <summary>Everything below answers errors as problem details.</summary>
    public const string Root = "/api";

    public const string V1 = $"{Root}/v1";
    public const string Tasks = $"{V1}/tasks";
    public const string Groups = $"{V1}/groups";
    public const string Queues = $"{V1}/queues";
    public const string Workers = $"{V1}/workers";

    public static IServiceCollection AddWeftApi(this IServiceCollection services) => services
        .AddSingleton<SubmitEndpoints>()
        .AddSingleton<ClaimEndpoint>()
        .AddSingleton<SettleEndpoints>()
        .AddSingleton<TaskEndpoints>()
        .AddSingleton<GroupEndpoints>()
        .AddSingleton<GroupResultsEndpoint>()
        .AddSingleton<QueueEndpoints>()
        .AddSingleton<WorkerEndpoints>();

    public static void MapWeftApi(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var submit = services.GetRequiredService<SubmitEndpoints>();
        routes.MapPost(Tasks, submit.SubmitAsync);
        routes.MapPost($"{Tasks}/batch", submit.SubmitBatchAsync);

        routes.MapPost($"{Tasks}/claim", services.GetRequiredService<ClaimEndpoint>().ClaimAsync);

        var settle = services.GetRequiredService<SettleEndpoints>();
        routes.MapPost($"{Tasks}/settle", settle.SettleAsync);
        routes.MapPost($"{Tasks}/{{id}}/complete", settle.CompleteAsync);
        routes.MapPost($"{Tasks}/{{id}}/fail", settle.FailAsync);
        routes.MapPost($"{Tasks}/{{id}}/release", settle.ReleaseAsync);
        routes.MapPost($"{Tasks}/{{id}}/heartbeat", settle.HeartbeatAsync);

        var tasks = services.GetRequiredService<TaskEndpoints>();
        routes.MapGet(Tasks, tasks.ListAsync);
        routes.MapGet($"{Tasks}/{{id}}", tasks.GetAsync);
        routes.MapPost($"{Tasks}/{{id}}/cancel", tasks.CancelAsync);
        routes.MapPost($"{Tasks}/{{id}}/retry", tasks.RetryAsync);

        var groups = services.GetRequiredService<GroupEndpoints>();
        routes.MapPost(Groups, groups.CreateAsync);
        routes.MapGet($"{Groups}/{{id}}", groups.GetAsync);
        routes.MapGet($"{Groups}/{{id}}/results", services.GetRequiredService<GroupResultsEndpoint>().ListAsync);
        routes.MapPost($"{Groups}/{{id}}/cancel", groups.CancelAsync);

        var queues = services.GetRequiredService<QueueEndpoints>();
        routes.MapGet(Queues, queues.ListAsync);
        routes.MapPost($"{Queues}/{{queue}}/pause", queues.PauseAsync);
        routes.MapPost($"{Queues}/{{queue}}/resume", queues.ResumeAsync);
        routes.MapPost($"{Queues}/{{queue}}/purge", queues.PurgeAsync);

        routes.MapGet(Workers, services.GetRequiredService<WorkerEndpoints>().ListAsync);
    }
}
