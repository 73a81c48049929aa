using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

/// <content>For workers that <see cref="Work.WorkerLoop"/> doesn't fit.</content>
public sealed partial class WeftClient
{
    /// <summary>Claims tasks. If the response is lost, its tasks become ready again when their leases expire.</summary>
    /// <returns>Empty if there were no tasks.</returns>
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
    /// Registers a worker and returns a key that identifies it, for <see cref="ClaimRequest.WorkerKey"/>. Without a
    /// key, it gets no tasks whose results are verified. Keep the key: a new one starts without any reputation.
    /// </summary>
    public Task<string> RegisterWorkerAsync(CancellationToken cancellationToken = default) =>
        RegisterAsync(isRetried: true, cancellationToken);

    internal async Task<string> RegisterAsync(bool isRetried, CancellationToken cancellationToken) =>
        (await Api.SendAsync(
            new WeftRequest(HttpMethod.Post, "workers") { IsRetried = isRetried },
            WireJson.Default.WorkerRegistered, cancellationToken)).WorkerKey;

    /// <summary>
    /// Completes, fails, releases and heartbeats up to 1,000 tasks, and claims the next ones, in one round trip. If a
    /// response is lost and the request is repeated, an item that was already settled returns <c>200</c>, or <c>409</c>
    /// if another worker has the task by then.
    /// </summary>
    public Task<SettleOutcome> SettleAsync(SettleRequest settle, CancellationToken cancellationToken = default) =>
        SettleAsync(settle, isRetried: true, cancellationToken);

    /// <summary>Completes one task whose result is too large for a settle: over 1 MiB.</summary>
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
