using System.Globalization;
using System.Runtime.CompilerServices;
using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

/// <content>For those who watch and steer.</content>
public sealed partial class WeftClient
{
    /// <summary>Lists tasks without payload and result, page by page as the caller goes on.</summary>
    public async IAsyncEnumerable<TaskInfo> ListAsync(TaskFilter? filter = null, [EnumeratorCancellation] CancellationToken stop = default)
    {
        var path = (filter ?? new()).Path;
        for (var after = ""; ;)
        {
            var page = await _transport.SendAsync(WeftRequest.Get(path + after), WireJson.Default.TaskList, stop);
            foreach (var task in page.Tasks) yield return task;
            if (page.Next is null) yield break;
            after = $"&after={Uri.EscapeDataString(page.Next)}";
        }
    }

    /// <summary>Makes a group, for tasks that belong together.</summary>
    /// <param name="name">For people, up to 128 characters.</param>
    public Task<Group> CreateGroupAsync(string? name = null, CancellationToken stop = default) => _transport.SendAsync(
        WeftRequest.Post("groups", new GroupRequest(name), WireJson.Default.GroupRequest) with { IsRepeatable = false }, WireJson.Default.Group, stop);

    /// <summary>Reads a group with its exact counts.</summary>
    public Task<Group> GetGroupAsync(long id, CancellationToken stop = default) => _transport.SendAsync(WeftRequest.Get(GroupPath(id)), WireJson.Default.Group, stop);

    /// <summary>Calls off all of a group that is unfinished.</summary>
    /// <returns>How many tasks were called off.</returns>
    public async Task<int> CancelGroupAsync(long id, CancellationToken stop = default) =>
        (await _transport.SendAsync(WeftRequest.Post($"{GroupPath(id)}/cancel"), WireJson.Default.CancelOutcome, stop)).Cancelled;

    /// <summary>
    /// Reads a group's finished tasks as they finish, until all that the group has by then are delivered.
    /// An answer that breaks off is gone on with where it broke.
    /// </summary>
    /// <param name="after">The <see cref="GroupResult.Cursor"/> of the last one seen; null: from the start.</param>
    public async IAsyncEnumerable<GroupResult> ReadGroupResultsAsync(long id, string? after = null, [EnumeratorCancellation] CancellationToken stop = default)
    {
        Retries? retries = null;
        for (; ; )
        {
            var path = $"{GroupPath(id)}/results?wait={WaitSeconds}{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}";
            await using var lines = _transport.ReadLinesAsync(path, WireJson.Default.GroupResult, stop).GetAsyncEnumerator(stop);
            for (; ; )
            {
                try
                {
                    if (!await lines.MoveNextAsync()) break;
                }
                catch (WeftException failure) when (failure.IsTransient)
                {
                    await (retries ??= new(_transport.Options)).WaitAsync(failure, stop);
                    break;
                }

                retries = null;
                after = lines.Current.Cursor;
                if (lines.Current.Done == true) yield break;
                if (lines.Current.Id is not null) yield return lines.Current;
            }
        }
    }

    /// <summary>Lists queues with their counts, by name.</summary>
    public async Task<IReadOnlyList<Queue>> ListQueuesAsync(CancellationToken stop = default) =>
        (await _transport.SendAsync(WeftRequest.Get("queues"), WireJson.Default.QueueList, stop)).Queues;

    /// <summary>From now on nothing is claimed from the queue.</summary>
    public Task PauseQueueAsync(string queue, CancellationToken stop = default) =>
        _transport.SendAsync(WeftRequest.Post($"{QueuePath(queue)}/pause"), WireJson.Default.QueuePause, stop);

    /// <summary>Ends a pause.</summary>
    public Task ResumeQueueAsync(string queue, CancellationToken stop = default) =>
        _transport.SendAsync(WeftRequest.Post($"{QueuePath(queue)}/resume"), WireJson.Default.QueuePause, stop);

    /// <summary>Cancels what waits in the queue; what a worker has is left.</summary>
    /// <returns>How many tasks were called off.</returns>
    public async Task<int> PurgeQueueAsync(string queue, CancellationToken stop = default) =>
        (await _transport.SendAsync(WeftRequest.Post($"{QueuePath(queue)}/purge"), WireJson.Default.CancelOutcome, stop)).Cancelled;

    /// <summary>Lists the workers that the coordinator has seen since its start, the last seen first.</summary>
    public async Task<IReadOnlyList<Worker>> ListWorkersAsync(CancellationToken stop = default) =>
        (await _transport.SendAsync(WeftRequest.Get("workers"), WireJson.Default.WorkerList, stop)).Workers;

    private static string GroupPath(long id) => string.Create(CultureInfo.InvariantCulture, $"groups/{id}");

    private static string QueuePath(string queue) => $"queues/{Uri.EscapeDataString(queue)}";
}
