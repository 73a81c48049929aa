using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

/// <content>For workers of a kind that <see cref="Work.WorkerLoop"/> is not.</content>
public sealed partial class WeftClient
{
    /// <summary>
    /// Claims tasks. Tasks whose answer was lost on the way are handed out again when their lease runs out.
    /// </summary>
    /// <returns>Empty when there was nothing.</returns>
    public async Task<IReadOnlyList<ClaimedTask>> ClaimAsync(ClaimRequest claim,
        CancellationToken cancellationToken = default)
    {
        var asked = Time.GetUtcNow();
        var answer = await Api.SendAsync(
            WeftRequest.Post("tasks/claim", claim, WireJson.Default.ClaimRequest), WireJson.Default.ClaimOutcome,
            cancellationToken);
        ClientSpans.Receive(answer.Tasks, asked);
        return answer.Tasks;
    }

    /// <summary>
    /// Gets a key that proves who a worker is, for <see cref="ClaimRequest.WorkerKey"/>: without one it gets no task
    /// whose result is verified. Keep it: each new one begins as a stranger.
    /// </summary>
    public Task<string> RegisterWorkerAsync(CancellationToken cancellationToken = default) =>
        RegisterAsync(isRetried: true, cancellationToken);

    internal async Task<string> RegisterAsync(bool isRetried, CancellationToken cancellationToken) =>
        (await Api.SendAsync(
            new WeftRequest(HttpMethod.Post, "workers") { IsRetried = isRetried },
            WireJson.Default.WorkerRegistered, cancellationToken)).WorkerKey;

    /// <summary>
    /// Completes, fails, releases and heartbeats up to 1,000 tasks, and claims the next, in one round trip. When an
    /// answer is lost and the request repeated, an item that was already done says <c>200</c>, or <c>409</c> where
    /// somebody else has the task by now.
    /// </summary>
    public Task<SettleOutcome> SettleAsync(SettleRequest settle, CancellationToken cancellationToken = default) =>
        SettleAsync(settle, isRetried: true, cancellationToken);

    /// <summary>Completes one task with a result that is too large for a settle: over 1 MiB.</summary>
    internal Task<ItemOutcome> CompleteAsync(long id, SettleItem item, bool isRetried,
        CancellationToken cancellationToken) => Api.SendAsync(
        WeftRequest.Post($"{Path(id)}/complete", item, WireJson.Default.SettleItem) with { IsRetried = isRetried },
        WireJson.Default.ItemOutcome, cancellationToken);

    internal async Task<SettleOutcome> SettleAsync(SettleRequest settle, bool isRetried,
        CancellationToken cancellationToken)
    {
        var request = WeftRequest.Post("tasks/settle", settle, WireJson.Default.SettleRequest) with
        {
            IsRetried = isRetried,
        };
        var answer = await Api.SendAsync(request, WireJson.Default.SettleOutcome, cancellationToken);
        return answer.Outcomes.Count == (settle.Items?.Count ?? 0) ? answer : throw WeftException.Miscounted(Api.Url);
    }
}
