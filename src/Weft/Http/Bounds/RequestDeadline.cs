namespace Weft.Http.Bounds;

/// <summary>
/// The end of the time that one request body, or one response, may take, for those that pass through in pieces. How
/// slow each piece may be is Kestrel's minimum data rate; the store's own time must not count there, so
/// <see cref="BodyPace"/> with its short windows is for bodies in memory.
/// </summary>
internal static class RequestDeadline
{
    /// <summary>Fires at the deadline. Dispose it when the body has passed.</summary>
    public static CancellationTokenSource Start(HttpContext context)
    {
        var services = context.RequestServices;
        return new(services.GetRequiredService<ServeBounds>().RequestTime, services.GetRequiredService<TimeProvider>());
    }

    /// <summary>
    /// Closes the connection at the deadline: the response has begun, and nothing else can say that it is incomplete.
    /// Dispose it when the response has been sent.
    /// </summary>
    public static IDisposable AbortingLate(HttpContext context)
    {
        var deadline = Start(context);
        deadline.Token.UnsafeRegister(static context => ((HttpContext)context!).Abort(), context);
        return deadline;
    }
}
