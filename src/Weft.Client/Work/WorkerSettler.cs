using System.Threading.Channels;
using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>Collects what handlers have to say, and says it to the coordinator in batches.</summary>
internal sealed class WorkerSettler : IDisposable
{
    // The coordinator takes 1,000 items and 32 MiB.
    private const int BatchItemsMax = 1_000;
    private const int BatchBytesMax = 16 << 20;
    private static readonly TimeSpan LastWordsMax = TimeSpan.FromSeconds(5);

    private readonly WeftClient _client;
    private readonly WorkerOptions _options;
    private readonly Channel<Settlement> _said = Channel.CreateUnbounded<Settlement>(new() { SingleReader = true });
    private readonly CancellationTokenSource _giveUp;
    private readonly CancellationTokenRegistration _aborting;

    public WorkerSettler(WeftClient client, WorkerOptions options, CancellationToken abort)
    {
        _client = client;
        _options = options;
        _giveUp = new(Timeout.InfiniteTimeSpan, client.Time);
        _aborting = abort.Register(() => _giveUp.CancelAfter(LastWordsMax));
    }

    public void Add(Settlement settlement) => _said.Writer.TryWrite(settlement);

    public void Close() => _said.Writer.TryComplete();

    /// <summary>All that was said by now, at least one; null when it is closed and all was taken.</summary>
    public async Task<List<Settlement>?> NextAsync()
    {
        if (!await _said.Reader.WaitToReadAsync(CancellationToken.None)) return null;
        var batch = new List<Settlement>();
        for (var bytes = 0; batch.Count < BatchItemsMax && bytes < BatchBytesMax && _said.Reader.TryRead(out var next); bytes += next.Bytes) batch.Add(next);
        return batch;
    }

    /// <summary>Settles the batch, and claims.</summary>
    public async Task<IReadOnlyList<ClaimedTask>> SettleAsync(List<Settlement> batch, ClaimRequest? claim)
    {
        foreach (var unwanted in batch.Where(static said => said.Item is null)) End(unwanted, WorkerOutcome.Dropped, unwanted.Held.LostBecause);
        foreach (var large in batch.Where(static said => said.Bytes > Settlement.SharedBytesMax)) await SettleAloneAsync(large);
        return await SettleTogetherAsync(batch.FindAll(static said => said is { Item: not null, Bytes: <= Settlement.SharedBytesMax }), claim);
    }

    public void Dispose()
    {
        _aborting.Dispose();
        _giveUp.Dispose();
    }

    private async Task<IReadOnlyList<ClaimedTask>> SettleTogetherAsync(List<Settlement> batch, ClaimRequest? claim)
    {
        if (batch.Count == 0 && claim is null) return [];
        try
        {
            var answer = await _client.SettleAsync(new(batch.ConvertAll(static said => said.Item!), claim, _options.WorkerId), _giveUp.Token);
            await EndAsync(batch.Zip(answer.Outcomes));
            return answer.Tasks ?? [];
        }
        catch (OperationCanceledException) when (_giveUp.IsCancellationRequested)
        {
            foreach (var unsaid in batch) End(unsaid, WorkerOutcome.Dropped, "The coordinator could not be told; the task is handed out again when its lease runs out.");
            return [];
        }
    }

    private async Task SettleAloneAsync(Settlement large)
    {
        ItemOutcome answer;
        try
        {
            answer = await _client.CompleteAsync(large.Held.Task.Id, large.Item! with { Action = null, Id = null, WorkerId = _options.WorkerId }, _giveUp.Token);
        }
        catch (WeftException refused) when (!refused.IsTransient)
        {
            answer = new((int)refused.Status!, refused.Code, refused.Message);
        }

        await EndAsync([(large, answer)]);
    }

    private async Task EndAsync(IEnumerable<(Settlement Said, ItemOutcome Answer)> answers)
    {
        var instead = new List<Settlement>();
        foreach (var (said, answer) in answers)
        {
            if (said.Instead(answer) is { } failure) instead.Add(failure);
            else End(said, said.Outcome(answer), answer.Detail ?? said.Item!.Error);
        }

        if (instead.Count > 0) await SettleTogetherAsync(instead, claim: null);
    }

    private void End(Settlement said, WorkerOutcome outcome, string? detail)
    {
        said.Held.Dispose();
        _options.Observed?.Invoke(new(said.Held.Task, outcome, detail));
    }
}
