namespace Weft.Http.Errors;

/// <summary>Decides by a request's path which form its errors have, so that it works before routing too.</summary>
internal static class ErrorSurface
{
    /// <summary>Paths below this one, and the metrics, return errors as problem details.</summary>
    public const string ApiRoot = "/api";

    public const string Metrics = "/metrics";

    private static readonly ProblemErrors Api = new();
    private static readonly FrozenErrors Frozen = new();

    public static bool IsApi(HttpContext context) =>
        context.Request.Path.StartsWithSegments(ApiRoot) || context.Request.Path.StartsWithSegments(Metrics);

    public static IErrorSurface Of(HttpContext context) => IsApi(context) ? Api : Frozen;
}
