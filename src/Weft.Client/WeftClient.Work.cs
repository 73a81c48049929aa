using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

/// <content>For workers of a kind that <see cref="Work.WorkerLoop"/> is not.</content>
public sealed partial class WeftClient
{
    /// <summary>Claims tasks. Tasks whose answer was lost on the way are handed out again when their lease runs out.</summary>
    /// <returns>Empty when there was nothing.</returns>
    public async Task<IReadOnlyList<ClaimedTask>> ClaimAsync(ClaimRequest claim, CancellationToken stop = default) =>
        (await _transport.SendAsync(WeftRequest.Post("tasks/claim", claim, WireJson.Default.ClaimRequest), WireJson.Default.ClaimOutcome, stop)).Tasks;

    /// <summary>
    /// Completes, fails, releases and heartbeats up to 1,000 tasks, and claims the next, in one round trip. When an answer is lost and the request repeated, an item
    /// that was already done says <c>200</c>, or <c>409</c> where somebody else has the task by now.
    /// </summary>
    public Task<SettleOutcome> SettleAsync(SettleRequest settle, CancellationToken stop = default) => SettleAsync(settle, isRetried: true, stop);

    /// <summary>Completes one task with a result that is too large for a settle: over 1 MiB.</summary>
    internal Task<ItemOutcome> CompleteAsync(long id, SettleItem item, CancellationToken stop) =>
        _transport.SendAsync(WeftRequest.Post($"{Path(id)}/complete", item, WireJson.Default.SettleItem), WireJson.Default.ItemOutcome, stop);

    internal Task<SettleOutcome> SettleAsync(SettleRequest settle, bool isRetried, CancellationToken stop) => _transport.SendAsync(
        WeftRequest.Post("tasks/settle", settle, WireJson.Default.SettleRequest) with { IsRetried = isRetried }, WireJson.Default.SettleOutcome, stop);
}
