using System.Runtime.CompilerServices;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Waiting;

namespace Weft.Core.UseCases;

/// <summary>Somebody reads a group's results, and may wait for those that are still to come.</summary>
public sealed class FollowResults(ITaskStore store, FinishPulse pulse, TimeProvider time)
{
    private const int PageSize = 100;

    // Under load tasks finish all the time: one look in this time serves all that finished meanwhile.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The pages after <paramref name="after"/>, until all are delivered, or there is nothing new and
    /// <paramref name="wait"/> (at most <see cref="Limits.WaitMax"/>) is over. The last page may be empty.
    /// </summary>
    public async IAsyncEnumerable<GroupResultsPage> RunAsync(
        GroupId id, ResultOrder order, long after, TimeSpan wait, [EnumeratorCancellation] CancellationToken gone)
    {
        using var deadline = new CancellationTokenSource(wait < Limits.WaitMax ? wait : Limits.WaitMax, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, gone);
        for (; ; )
        {
            var next = pulse.Next;
            var page = await store.ListResultsAsync(id, order, after, PageSize);
            yield return page;
            if (page.AllDelivered || pulse.IsClosed) yield break;
            if (page.Results.Count > 0) after = page.Results[^1].Cursor;
            if (page.IsFull || page.Results.Count == PageSize) continue;
            await next.WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            gone.ThrowIfCancellationRequested();
            if (deadline.IsCancellationRequested) yield break;
            await Task.Delay(Pause, time, gone);
        }
    }
}
