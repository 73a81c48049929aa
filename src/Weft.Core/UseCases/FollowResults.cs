using System.Runtime.CompilerServices;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Waiting;

namespace Weft.Core.UseCases;

/// <summary>Reads a group's results, and may wait for further ones.</summary>
public sealed class FollowResults(ITaskStore store, CompletionSignal completions, TimeProvider time)
{
    private const int PageSize = 100;

    // Under load tasks finish all the time: one query in this interval covers all of them. A reader whose last query is
    // longer ago queries at once.
    private static readonly TimeSpan BetweenQueries = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The pages after <paramref name="after"/>, until all are delivered, or there are no new ones and
    /// <paramref name="wait"/> (at most <see cref="Limits.WaitMax"/>) has passed. The last page may be empty.
    /// </summary>
    /// <returns>Null: the group doesn't exist, or the caller may not see it.</returns>
    public async Task<IAsyncEnumerable<GroupResultsPage>?> RunAsync(
        Caller caller, GroupId id, ResultOrder order, long after, TimeSpan wait, CancellationToken requestAborted)
    {
        if (await store.FindGroupAsync(id) is not { } group || !caller.Sees(group.Owner)) return null;
        wait = caller.LimitToTokenLifetime(wait < Limits.WaitMax ? wait : Limits.WaitMax, time);
        return ReadAsync(id, order, after, wait, requestAborted);
    }

    private async IAsyncEnumerable<GroupResultsPage> ReadAsync(
        GroupId id, ResultOrder order, long after, TimeSpan wait,
        [EnumeratorCancellation] CancellationToken requestAborted)
    {
        using var deadline = new CancellationTokenSource(wait, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, requestAborted);
        for (; ; )
        {
            var next = completions.Next;
            var queriedAt = time.GetTimestamp();
            var page = await store.ListResultsAsync(id, order, after, PageSize);
            yield return page;
            if (page.AllDelivered || completions.IsClosed) yield break;
            if (page.Results.Count > 0) after = page.Results[^1].Cursor;
            if (page.IsFull || page.Results.Count == PageSize) continue;
            await next.WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            requestAborted.ThrowIfCancellationRequested();
            if (deadline.IsCancellationRequested) yield break;
            if (BetweenQueries - time.GetElapsedTime(queriedAt) is { Ticks: > 0 } early)
                await Task.Delay(early, time, requestAborted);
        }
    }
}
