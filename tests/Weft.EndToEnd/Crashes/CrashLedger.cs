using System.Collections.Concurrent;

namespace Weft.EndToEnd.Crashes;

/// <summary>
/// What the coordinator was asked and what it said, kept outside of it: the only witness of what it promised.
/// An operation without an answer may have happened or not; one that was answered must have.
/// </summary>
internal sealed class CrashLedger : IDisposable
{
    private readonly ConcurrentDictionary<string, bool> payloadsSent = new();
    private readonly ConcurrentDictionary<long, string> payloadsAcknowledged = new();
    private readonly ConcurrentDictionary<long, ConcurrentBag<string>> resultsSent = new();
    private readonly ConcurrentDictionary<long, string> resultsAcknowledged = new();
    private readonly ConcurrentDictionary<long, string> handedOut = new();
    private readonly SemaphoreSlim acknowledgements = new(0);
    private int unanswered;

    public IReadOnlyDictionary<long, string> Submitted => payloadsAcknowledged;

    public IReadOnlyDictionary<long, string> Completed => resultsAcknowledged;

    public int SentCount => payloadsSent.Count;

    public int UnansweredCount => unanswered;

    public void Sending(string payload) => Assert.True(payloadsSent.TryAdd(payload, true), "A payload was sent twice.");

    public void Acknowledged(long taskId, string payload)
    {
        Assert.True(payloadsAcknowledged.TryAdd(taskId, payload), $"Two submits were answered with task {taskId}.");
        acknowledgements.Release();
    }

    public void HandedOut(long taskId, string payload)
    {
        Assert.True(payloadsSent.ContainsKey(payload), $"Task {taskId} carries {payload}, which nobody submitted.");
        Assert.Equal(handedOut.GetOrAdd(taskId, payload), payload);
    }

    public void SendingResult(long taskId, string result) => resultsSent.GetOrAdd(taskId, _ => []).Add(result);

    public void ResultAcknowledged(long taskId, string result)
    {
        // Of two workers on one task, either may have been first; the ledger needs to know only that one was promised.
        resultsAcknowledged.TryAdd(taskId, result);
        acknowledgements.Release();
    }

    public void Unanswered() => Interlocked.Increment(ref unanswered);

    /// <summary>Waits until <paramref name="count"/> more operations were answered 200.</summary>
    public async Task AwaitAcknowledgementsAsync(int count, CancellationToken stop)
    {
        for (var seen = 0; seen < count; seen++) await acknowledgements.WaitAsync(stop);
    }

    /// <summary>Checks a task that the coordinator says is completed.</summary>
    public void AssertResultWasSent(long taskId, string result)
    {
        Assert.True(resultsSent.TryGetValue(taskId, out var sent),
            $"Task {taskId} has the result {result}, which nobody sent.");
        Assert.Contains(result, sent);
    }

    /// <summary>Checks that what workers got is what main programs submitted.</summary>
    public void AssertPayloadsAgree()
    {
        foreach (var (taskId, payload) in payloadsAcknowledged)
            Assert.Equal(payload, handedOut.GetValueOrDefault(taskId));
    }

    public void Dispose() => acknowledgements.Dispose();
}
