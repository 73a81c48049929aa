using Weft.Core.Storage;

namespace Weft.Http.Bounds;

/// <summary>
/// One request's part of the <see cref="ByteBudget"/>; returned when the request has ended in any way.
/// </summary>
/// <param name="budget">The budget of all requests.</param>
/// <param name="client">The client to charge.</param>
internal sealed class BodyShare(ByteBudget budget, ClientKey client) : IDisposable
{
    /// <summary>Bodies up to this size are read and answered without a share.</summary>
    public const int SmallMax = 16 << 10;

    private long _taken;

    /// <summary>True: memory for the response, however large, is already reserved.</summary>
    public bool CoversAnswer { get; private set; }

    /// <summary>The share of this request; created if it has none.</summary>
    public static BodyShare Of(HttpContext context)
    {
        if (context.Features.Get<BodyShare>() is { } known) return known;
        var share = new BodyShare(context.RequestServices.GetRequiredService<ByteBudget>(), ClientKey.Of(context));
        context.Features.Set(share);
        context.Response.RegisterForDispose(share);
        return share;
    }

    /// <summary>
    /// Reserves memory for a response that can't be requested again, while the change behind it can still be undone.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="bytes">The size of the data read from the store; the response's text takes as much again.</param>
    public static bool TryCoverAnswer(HttpContext context, long bytes)
    {
        if (bytes <= SmallMax) return true;
        var share = Of(context);
        return share.CoversAnswer = share.TryGrow(2 * bytes, Admission.Progress);
    }

    /// <summary>The same for a response that can be requested again.</summary>
    /// <exception cref="RequestRefusedException">503: memory is short.</exception>
    public static void CoverAnswer(HttpContext context, long bytes)
    {
        if (!TryCoverAnswer(context, bytes)) throw LargeBody.Refuse(context, StatusCodes.Status503ServiceUnavailable);
    }

    public bool TryGrow(long bytes, Admission admission)
    {
        if (!budget.TryTake(client, bytes, admission)) return false;
        _taken += bytes;
        return true;
    }

    /// <summary>Returns a part before the request has ended.</summary>
    public void Shrink(long bytes)
    {
        budget.Return(client, bytes);
        _taken -= bytes;
    }

    public void Dispose() => budget.Return(client, _taken);
}
