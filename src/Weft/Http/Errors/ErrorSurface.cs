namespace Weft.Http.Errors;

/// <summary>The one place that decides which form a request's errors have: by its path, so it holds before routing too.</summary>
internal static class ErrorSurface
{
    /// <summary>Everything below this path answers errors as problem details.</summary>
    public const string ApiRoot = "/api";

    private static readonly ProblemErrors Api = new();
    private static readonly FrozenErrors Frozen = new();

    public static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments(ApiRoot);

    public static IErrorSurface Of(HttpContext context) => IsApi(context) ? Api : Frozen;
}
