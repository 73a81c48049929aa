using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

/// <content>Monitor and control tasks, groups, queues and workers.</content>
public sealed partial class WeftClient
{
    /// <summary>Lists tasks without payload and result; further pages are requested as the caller reads.</summary>
    public async IAsyncEnumerable<TaskInfo> ListAsync(TaskFilter? filter = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync(
            (filter ?? new()).Path, WireJson.Default.TaskList, static page => page.Next, cancellationToken);
        await foreach (var page in pages)
            foreach (var task in page.Tasks) yield return task;
    }

    /// <summary>
    /// Lists the attempts of a task, first to last; if there are very many, the last 100 that have ended.
    /// </summary>
    public async Task<IReadOnlyList<AttemptInfo>> ListAttemptsAsync(
        long id, CancellationToken cancellationToken = default) =>
        (await Api.SendAsync(
            WeftRequest.Get($"{Path(id)}/attempts"), WireJson.Default.AttemptList, cancellationToken)).Attempts;

    /// <summary>Explains why a task isn't running, or where it runs.</summary>
    public Task<TaskExplanation> ExplainAsync(long id, CancellationToken cancellationToken = default) =>
        Api.SendAsync(WeftRequest.Get($"{Path(id)}/explain"), WireJson.Default.TaskExplanation, cancellationToken);

    /// <summary>Creates a group, for tasks that belong together.</summary>
    /// <param name="name">Human-readable, up to 128 characters.</param>
    public Task<Group> CreateGroupAsync(string? name = null, CancellationToken cancellationToken = default) =>
        CreateGroupAsync(name, isRepeatable: false, cancellationToken);

    private Task<Group> CreateGroupAsync(string? name, bool isRepeatable, CancellationToken cancellationToken) =>
        Api.SendAsync(
        WeftRequest.Post("groups", new GroupRequest(name), WireJson.Default.GroupRequest)
            with { IsRepeatable = isRepeatable }, WireJson.Default.Group, cancellationToken);

    /// <summary>
    /// Lists groups with their exact counts, newest first; further pages are requested as the caller reads.
    /// </summary>
    public async IAsyncEnumerable<Group> ListGroupsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = PagesAsync(
            "groups?limit=100", WireJson.Default.GroupList, static page => page.Next, cancellationToken);
        await foreach (var page in pages)
            foreach (var group in page.Groups) yield return group;
    }

    /// <summary>Reads a group with its exact counts.</summary>
    public Task<Group> GetGroupAsync(long id, CancellationToken cancellationToken = default) =>
        Api.SendAsync(WeftRequest.Get(GroupPath(id)), WireJson.Default.Group, cancellationToken);

    /// <summary>
    /// Seals a group: from then on it accepts no more tasks, and a submit to it is refused with
    /// <see cref="ProblemCodes.GroupSealed"/>. Sealing it again changes nothing.
    /// </summary>
    public Task<Group> SealGroupAsync(long id, CancellationToken cancellationToken = default) =>
        Api.SendAsync(WeftRequest.Post($"{GroupPath(id)}/seal"), WireJson.Default.Group, cancellationToken);

    /// <summary>Cancels a group's unfinished tasks.</summary>
    /// <returns>How many tasks were cancelled.</returns>
    public async Task<int> CancelGroupAsync(long id, CancellationToken cancellationToken = default) =>
        (await Api.SendAsync(WeftRequest.Post($"{GroupPath(id)}/cancel"), WireJson.Default.CancelOutcome,
            cancellationToken)).Cancelled;

    /// <summary>
    /// Reads a group's finished tasks until all tasks that the group has by then are delivered. An interrupted response
    /// is continued where it stopped.
    /// </summary>
    /// <param name="after">The <see cref="GroupResult.Cursor"/> of the last result seen, in the same order; null: from
    /// the start.</param>
    /// <param name="asSubmitted">True: in the order of submission, each once all earlier ones are finished. False: as
    /// they finish.</param>
    public async IAsyncEnumerable<GroupResult> ReadGroupResultsAsync(long id, string? after = null,
        bool asSubmitted = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Retries? retries = null;
        for (; ; )
        {
            var path =
                $"{GroupPath(id)}/results?order={(asSubmitted ? "submitted" : "finished")}&wait={WaitSeconds}" +
                (after is null ? "" : $"&after={Uri.EscapeDataString(after)}");
            await using var lines = Api.ReadLinesAsync(path, WireJson.Default.GroupResult, cancellationToken)
                .GetAsyncEnumerator(cancellationToken);
            for (; ; )
            {
                try
                {
                    if (!await lines.MoveNextAsync()) break;
                }
                catch (WeftException failure) when (failure.IsTransient)
                {
                    await (retries ??= new(Api.Options)).WaitAsync(failure, cancellationToken);
                    break;
                }

                retries = null;
                after = lines.Current.Cursor;
                if (lines.Current.Done == true) yield break;
                if (lines.Current.Id is not null) yield return lines.Current;
            }
        }
    }

    /// <summary>Lists all queues with their counts, by name. Paged, since each may have a long run.</summary>
    public async Task<IReadOnlyList<Queue>> ListQueuesAsync(CancellationToken cancellationToken = default)
    {
        var queues = new List<Queue>();
        var pages = PagesAsync("queues", WireJson.Default.QueueList, static page => page.Next, cancellationToken);
        await foreach (var page in pages)
        {
            // A server that isn't a coordinator might never end the listing.
            if (page.Queues.Count == 0) break;
            queues.AddRange(page.Queues);
        }

        return queues;
    }

    /// <summary>Pauses a queue: nothing is claimed from it until it is resumed.</summary>
    public Task PauseQueueAsync(string queue, CancellationToken cancellationToken = default) =>
        Api.SendAsync(WeftRequest.Post($"{QueuePath(queue)}/pause"), WireJson.Default.QueuePause, cancellationToken);

    /// <summary>Resumes a paused queue.</summary>
    public Task ResumeQueueAsync(string queue, CancellationToken cancellationToken = default) =>
        Api.SendAsync(WeftRequest.Post($"{QueuePath(queue)}/resume"), WireJson.Default.QueuePause, cancellationToken);

    /// <summary>Cancels the queue's waiting tasks; leased tasks are not affected.</summary>
    /// <returns>How many tasks were cancelled.</returns>
    public async Task<int> PurgeQueueAsync(string queue, CancellationToken cancellationToken = default) =>
        (await Api.SendAsync(WeftRequest.Post($"{QueuePath(queue)}/purge"), WireJson.Default.CancelOutcome,
            cancellationToken)).Cancelled;

    /// <summary>Lists the workers that the coordinator has seen since its start, most recently seen first.</summary>
    public async Task<IReadOnlyList<Worker>> ListWorkersAsync(CancellationToken cancellationToken = default) =>
        (await Api.SendAsync(WeftRequest.Get("workers"), WireJson.Default.WorkerList, cancellationToken)).Workers;

    /// <summary>The pages of a listing, each requested when the caller reaches it.</summary>
    private async IAsyncEnumerable<TPage> PagesAsync<TPage>(string path, JsonTypeInfo<TPage> type,
        Func<TPage, string?> nextOf, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (string? after = null; ;)
        {
            var more = after is null ? "" : $"{(path.Contains('?') ? '&' : '?')}after={Uri.EscapeDataString(after)}";
            var page = await Api.SendAsync(WeftRequest.Get(path + more), type, cancellationToken);
            yield return page;
            // A server that isn't a coordinator might repeat a page for ever.
            if (nextOf(page) is not { } next || next == after) yield break;
            after = next;
        }
    }

    private static string GroupPath(long id) => string.Create(CultureInfo.InvariantCulture, $"groups/{id}");

    private static string QueuePath(string queue) => $"queues/{Uri.EscapeDataString(queue)}";
}
