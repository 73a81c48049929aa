using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Auditor;

/// <summary>
/// One of many who use the store at once: submits, works, cheats with tokens, reads, and lets time pass.
/// </summary>
internal sealed class ConcurrentCaller(IAuditedHost host, ITaskStore store, HistoryRecorder history, int number,
    Random random)
{
    private const int TaskIdsTried = 40;

    private readonly List<ClaimedTask> _held = [];
    private int _said;

    public async Task RunAsync(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            await (random.Next(20) switch
            {
                < 4 => SubmitAsync(),
                < 9 => ClaimAsync(),
                < 15 => SettleAsync(),
                < 18 => ReadAsync(),
                18 => host.AdvanceAsync(TimeSpan.FromMilliseconds(random.Next(4_000))),
                _ => store.SweepAsync(Limits.SweepBatchMax),
            });
        }
    }

    private async Task SubmitAsync()
    {
        // Bytes that nobody else says: what is stored tells who stored it.
        var tasks = Enumerable.Range(0, random.Next(1, 4)).Select(_ => new NewTask
        {
            Payload = new(Say(), IsJson: false),
            Priority = random.Next(3),
            LeaseTime = TimeSpan.FromSeconds(random.Next(1, 6)),
            MaxAttempts = 4,
        }).ToArray();
        var key = random.Next(4) == 0
            ? new IdempotencyKey($"key {random.Next(6)}", new byte[] { (byte)(random.Next(8) == 0 ? 1 : 0) }) : null;
        var submission = new Submission(tasks, key);
        var (start, now) = (history.Mark(), host.Now);
        var outcome = await store.SubmitAsync(submission);
        history.Add(new HistoryEntry.Submitted(start, history.Mark(), now, submission, outcome));
    }

    private async Task ClaimAsync()
    {
        var (start, now) = (history.Mark(), host.Now);
        var claimed = await store.ClaimAsync(new() { WorkerId = $"worker {number}", Max = random.Next(1, 4) });
        var end = history.Mark();
        foreach (var task in claimed) history.Add(new HistoryEntry.Claimed(start, end, now, task));
        _held.AddRange(claimed);
    }

    private async Task SettleAsync()
    {
        if (_held.Count == 0) return;
        var changes = Enumerable.Range(0, random.Next(1, 3)).Select(_ => Choose()).ToArray();
        var (start, now) = (history.Mark(), host.Now);
        var (outcomes, claimed) = random.Next(2) == 0
            ? new(await store.ApplyAsync(changes), [])
            : await store.SettleAsync(changes, new() { WorkerId = $"worker {number}" });
        var end = history.Mark();
        foreach (var (change, outcome) in changes.Zip(outcomes))
            history.Add(new HistoryEntry.Applied(start, end, now, change, outcome.Refusal));
        foreach (var task in claimed) history.Add(new HistoryEntry.Claimed(start, end, now, task));
        _held.AddRange(claimed);
    }

    private async Task ReadAsync()
    {
        var (start, now) = (history.Mark(), host.Now);
        var found = await store.FindAsync(new(random.Next(1, TaskIdsTried)), TaskParts.Result);
        if (found is not null) history.Add(new HistoryEntry.Read(start, history.Mark(), now, found));
    }

    /// <summary>Says something with a token that may have been superseded long ago, or with none.</summary>
    private TaskChange Choose()
    {
        var held = _held[random.Next(3) == 0 ? random.Next(_held.Count) : ^1];
        var (id, token) = (held.Task.Id, held.Task.Lease!.Token);
        return random.Next(12) switch
        {
            < 4 => new(id, new TaskCommand.Complete(token, Say())),
            4 => new(id, new TaskCommand.Complete(null, Say())),
            < 7 => new(id, new TaskCommand.Fail(token, "broken", MayRetry: true, random.NextDouble())),
            7 => new(id, new TaskCommand.Release(token)),
            < 10 => new(id, new TaskCommand.Heartbeat(token)),
            10 => new(id, TaskCommand.Cancel.Instance),
            _ => new(id, TaskCommand.Retry.Instance),
        };
    }

    private byte[] Say() => System.Text.Encoding.UTF8.GetBytes($"\"{number} said {++_said}\"");
}
