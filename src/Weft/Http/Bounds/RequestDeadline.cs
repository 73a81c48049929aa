namespace Weft.Http.Bounds;

/// <summary>
/// The time limit for a request body or a response that passes through in pieces. Kestrel's minimum data rate limits
/// how slow each piece may be; the store's own time must not count there, so <see cref="BodyPace"/> with its short
/// windows is only for bodies in memory.
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
    /// Closes the connection at the deadline: the response has begun, and nothing else can signal that it is
    /// incomplete. Dispose it when the response has been sent.
    /// </summary>
    public static IDisposable AbortingLate(HttpContext context)
    {
        var deadline = Start(context);
        deadline.Token.UnsafeRegister(static context => ((HttpContext)context!).Abort(), context);
        return deadline;
    }
}
