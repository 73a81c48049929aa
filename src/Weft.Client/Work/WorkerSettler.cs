using System.Threading.Channels;
using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>Collects the handlers' reports and sends them to the coordinator in batches.</summary>
internal sealed class WorkerSettler : IDisposable
{
    // The coordinator accepts 1,000 items and 32 MiB.
    private const int BatchItemsMax = 1_000;
    private const int BatchBytesMax = 16 << 20;
    private static readonly TimeSpan LastWordsMax = TimeSpan.FromSeconds(5);

    private readonly WeftClient _client;
    private readonly WorkerOptions _options;
    private readonly WorkerDelivery _delivery;
    private readonly Action<Settlement> _ended;
    private readonly Channel<Settlement> _said = Channel.CreateUnbounded<Settlement>(new() { SingleReader = true });
    private readonly CancellationTokenSource _giveUp;
    private readonly CancellationTokenRegistration _aborting;
    private bool _tellsTimes = true;

    /// <param name="ended">Called with each settlement whose task this worker no longer holds.</param>
    public WorkerSettler(WeftClient client, WorkerOptions options, WorkerContact contact, Action<Settlement> ended,
        CancellationToken drain, CancellationToken abort)
    {
        (_client, _options, _ended) = (client, options, ended);
        _giveUp = new(Timeout.InfiniteTimeSpan, client.Time);
        _aborting = abort.Register(() => _giveUp.CancelAfter(LastWordsMax));
        _delivery = new(client, options.WorkerId, contact, _giveUp, drain);
    }

    public void Add(Settlement settlement) => _said.Writer.TryWrite(settlement);

    public void Close() => _said.Writer.TryComplete();

    /// <summary>All reports so far, at least one; null if it is closed and all were taken.</summary>
    public async Task<List<Settlement>?> NextAsync()
    {
        if (!await _said.Reader.WaitToReadAsync(CancellationToken.None)) return null;
        var batch = new List<Settlement>();
        for (var bytes = 0; batch.Count < BatchItemsMax && bytes < BatchBytesMax
            && _said.Reader.TryRead(out var next); bytes += next.Bytes)
        {
            batch.Add(next);
        }
        return batch;
    }

    /// <summary>Settles the batch, and claims.</summary>
    public async Task<IReadOnlyList<ClaimedTask>> SettleAsync(List<Settlement> batch, ClaimRequest? claim)
    {
        foreach (var unwanted in batch.Where(static said => said.Item is null))
        {
            End(unwanted, WorkerOutcome.Dropped, unwanted.Held.LostBecause);
        }
        foreach (var large in batch.Where(static said => said.Bytes > Settlement.SharedBytesMax))
        {
            await SettleAsync([large]);
        }
        var small = batch.FindAll(static said => said is { Item: not null, Bytes: <= Settlement.SharedBytesMax });
        if (small.Count == 0) return [];
        try
        {
            if (claim is not null) return await SettleTogetherAsync(small, claim);
        }
        catch (Exception exception)
            when (exception is WeftException || exception is OperationCanceledException
            && _giveUp.IsCancellationRequested)
        {
            // The claim may be the refused part: the claimer finds out itself.
        }

        await SettleAsync(small);
        return [];
    }

    public void Dispose()
    {
        _aborting.Dispose();
        _giveUp.Dispose();
    }

    private async Task<IReadOnlyList<ClaimedTask>> SettleTogetherAsync(List<Settlement> batch, ClaimRequest? claim)
    {
        using var span = ClientSpans.Settle(batch.ConvertAll(static said => said.Held));
        var asked = _client.Time.GetUtcNow();
        var answer = await ToldAsync(batch, items => _delivery.SendAsync(cancellationToken =>
            _client.SettleAsync(new(items, claim, _options.WorkerId), isRetried: false, cancellationToken),
            Probe(batch), LeaseOf(batch), isAlone: batch.Count == 1));
        span?.Stop();
        if (answer.Tasks is { } tasks) ClientSpans.Receive(tasks, asked);
        await EndAsync(batch.Zip(answer.Outcomes));
        return answer.Tasks ?? [];
    }

    /// <summary>
    /// Settles without a claim. If a batch is refused, its items are sent one by one, so that one task doesn't affect
    /// the others.
    /// </summary>
    private async Task SettleAsync(List<Settlement> batch)
    {
        try
        {
            if (batch is [{ Bytes: > Settlement.SharedBytesMax, Item.Action: "complete" } large])
            {
                await CompleteAsync(large);
            }
            else await SettleTogetherAsync(batch, claim: null);
        }
        catch (WeftException refused) when (batch.Count > 1 && refused.Rule != RetryRule.Never)
        {
            var half = batch.Count / 2;
            await SettleAsync(batch[..half]);
            await SettleAsync(batch[half..]);
        }
        catch (WeftException refused)
        {
            await EndAsync(batch.Select(said => (said, said.Refused(refused))));
        }
        catch (OperationCanceledException) when (_giveUp.IsCancellationRequested)
        {
            foreach (var unsaid in batch)
            {
                End(unsaid, WorkerOutcome.Dropped,
                    "The outcome could not be delivered; the task is ready again when its lease expires.");
            }
        }
    }

    private async Task CompleteAsync(Settlement large)
    {
        using var span = ClientSpans.Settle([large.Held]);
        var answer = await ToldAsync([large], items => _delivery.SendAsync(cancellationToken =>
            _client.CompleteAsync(large.Held.Task.Id,
                items[0] with { Action = null, Id = null, WorkerId = _options.WorkerId }, isRetried: false,
                cancellationToken),
            Probe([large]), LeaseOf([large]), isAlone: true));
        span?.Stop();
        await EndAsync([(large, answer)]);
    }

    /// <summary>
    /// Sends the reports with their run times. An older coordinator refuses such a request as a whole; if it accepts it
    /// without them, they are no longer sent.
    /// </summary>
    private async Task<T> ToldAsync<T>(List<Settlement> batch, Func<IReadOnlyList<SettleItem>, Task<T>> send)
    {
        try
        {
            if (_tellsTimes) return await send(batch.ConvertAll(static said => said.Item!));
        }
        catch (WeftException refused) when (refused.Code == ProblemCodes.InvalidRequest)
        {
            // The response doesn't say which member is unknown.
        }

        var answer = await send(batch.ConvertAll(static said => said.WithoutTime().Item!));
        _tellsTimes = false;
        return answer;
    }

    private SettleItem Probe(List<Settlement> batch) => batch[0].Held.Beat(_options.Lease);

    private static TimeSpan LeaseOf(List<Settlement> batch) => batch.Max(static said => said.Held.Lease);

    private async Task EndAsync(IEnumerable<(Settlement Said, ItemOutcome Answer)> answers)
    {
        var instead = new List<Settlement>();
        foreach (var (said, answer) in answers)
        {
            if (said.Instead(answer) is { } failure) instead.Add(failure);
            else End(said, said.Outcome(answer), answer.Detail ?? said.Reason);
        }

        if (instead.Count > 0) await SettleAsync(instead);
    }

    private void End(Settlement said, WorkerOutcome outcome, string? detail)
    {
        _ended(said);
        said.Held.Dispose();
        try
        {
            _options.Observed?.Invoke(new(said.Held.Task, outcome, detail));
        }
        // An observer's exception must not stop the work.
        catch (Exception)
        {
        }
    }
}
