using System.Globalization;
using System.Runtime.CompilerServices;
using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

/// <content>Bulk operations on many tasks, which the coordinator runs.</content>
public sealed partial class WeftClient
{
    private static readonly TimeSpan OperationPollMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan OperationPollMax = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Starts an operation on the tasks that match a filter and exist by now; the filter's order and page size are
    /// ignored. A filter without a state means the states that the action applies to.
    /// </summary>
    /// <param name="action">One of <see cref="OperationActions"/>.</param>
    /// <param name="filter">Which tasks.</param>
    /// <param name="priority">With <see cref="OperationActions.Priority"/>: the new priority.</param>
    public Task<Operation> StartOperationAsync(string action, TaskFilter filter, int? priority = null,
        CancellationToken cancellationToken = default) =>
        StartAsync(new(action, filter.ToOperation(), null, priority), cancellationToken);

    /// <summary>Starts an operation on 1 to 1,000 tasks.</summary>
    public Task<Operation> StartOperationAsync(string action, IReadOnlyList<long> ids, int? priority = null,
        CancellationToken cancellationToken = default) =>
        StartAsync(new(action, null, ids, priority), cancellationToken);

    /// <summary>Counts the tasks that an operation would match; nothing is changed.</summary>
    public Task<OperationDryRun> CountOperationAsync(string action, TaskFilter filter, int? priority = null,
        CancellationToken cancellationToken = default)
    {
        var request = new OperationRequest(action, filter.ToOperation(), null, priority, DryRun: true);
        return Api.SendAsync(
            WeftRequest.Post("operations", request, WireJson.Default.OperationRequest),
            WireJson.Default.OperationDryRun, cancellationToken);
    }

    /// <summary>Reads an operation.</summary>
    public Task<Operation> GetOperationAsync(long id, CancellationToken cancellationToken = default) =>
        Api.SendAsync(WeftRequest.Get(OperationPath(id)), WireJson.Default.Operation, cancellationToken);

    /// <summary>Waits until an operation has ended.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="progress">Called with each state that is read, including the last.</param>
    public async Task<Operation> WaitForOperationAsync(long id, Action<Operation>? progress = null,
        CancellationToken cancellationToken = default)
    {
        for (var pause = OperationPollMin; ; pause = pause * 2 < OperationPollMax ? pause * 2 : OperationPollMax)
        {
            var operation = await GetOperationAsync(id, cancellationToken);
            progress?.Invoke(operation);
            if (operation.State != OperationStates.Running) return operation;
            await Task.Delay(pause, Api.Options.Time, cancellationToken);
        }
    }

    /// <summary>Lists operations, newest first; further pages are requested as the caller reads.</summary>
    public async IAsyncEnumerable<Operation> ListOperationsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync(
            "operations?limit=100", WireJson.Default.OperationList, static page => page.Next, cancellationToken);
        await foreach (var page in pages)
            foreach (var operation in page.Operations) yield return operation;
    }

    /// <summary>
    /// Stops an operation; tasks that it has already changed stay changed. An operation that has ended isn't affected.
    /// </summary>
    public Task<Operation> StopOperationAsync(long id, CancellationToken cancellationToken = default) =>
        Api.SendAsync(
            WeftRequest.Post($"{OperationPath(id)}/cancel"), WireJson.Default.Operation, cancellationToken);

    private Task<Operation> StartAsync(OperationRequest request, CancellationToken cancellationToken) =>
        Api.SendAsync(
            // Sent twice, it would start two operations.
            WeftRequest.Post("operations", request, WireJson.Default.OperationRequest) with { IsRepeatable = false },
            WireJson.Default.Operation, cancellationToken);

    private static string OperationPath(long id) => string.Create(CultureInfo.InvariantCulture, $"operations/{id}");
}
