namespace Weft.Http.Errors;

/// <summary>
/// The one place that decides which form a request's errors have: by its path, so it holds before routing too.
/// </summary>
internal static class ErrorSurface
{
    /// <summary>Everything below this path answers errors as problem details, and the metrics do.</summary>
    public const string ApiRoot = "/api";

    public const string Metrics = "/metrics";

    private static readonly ProblemErrors Api = new();
    private static readonly FrozenErrors Frozen = new();

    public static bool IsApi(HttpContext context) =>
        context.Request.Path.StartsWithSegments(ApiRoot) || context.Request.Path.StartsWithSegments(Metrics);

    public static IErrorSurface Of(HttpContext context) => IsApi(context) ? Api : Frozen;
}
