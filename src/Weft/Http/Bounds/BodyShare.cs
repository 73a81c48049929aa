namespace Weft.Http.Bounds;

/// <summary>One request's part of the <see cref="ByteBudget"/>; given back when the request has ended, whatever became of it.</summary>
internal sealed class BodyShare(ByteBudget budget) : IDisposable
{
    /// <summary>Bodies up to this size are read and answered without a share.</summary>
    public const int SmallMax = 16 << 10;

    private long _taken;

    /// <summary>True: the answer, however large, has its room already.</summary>
    public bool CoversAnswer { get; private set; }

    /// <summary>The share of this request; made when it has none.</summary>
    public static BodyShare Of(HttpContext context)
    {
        if (context.Features.Get<BodyShare>() is { } known) return known;
        var share = new BodyShare(context.RequestServices.GetRequiredService<ByteBudget>());
        context.Features.Set(share);
        context.Response.RegisterForDispose(share);
        return share;
    }

    /// <summary>Makes sure that there is room to answer something that can't be asked for again, before it is too late to take it back.</summary>
    /// <param name="context">The request.</param>
    /// <param name="bytes">What was read from the store for it; the text of the answer is as long again.</param>
    public static bool TryCoverAnswer(HttpContext context, long bytes)
    {
        if (bytes <= SmallMax) return true;
        var share = Of(context);
        return share.CoversAnswer = share.TryGrow(2 * bytes, Urgency.MovesWorkOn);
    }

    public bool TryGrow(long bytes, Urgency urgency)
    {
        if (!budget.TryTake(bytes, urgency)) return false;
        _taken += bytes;
        return true;
    }

    /// <summary>Gives a part back before the request has ended.</summary>
    public void Shrink(long bytes)
    {
        budget.Return(bytes);
        _taken -= bytes;
    }

    public void Dispose() => budget.Return(_taken);
}
