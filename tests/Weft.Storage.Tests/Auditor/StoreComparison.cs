using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Auditor;

/// <summary>Compares all that a store can be asked for with what the model holds.</summary>
internal sealed class StoreComparison(ITaskStore store, ModelStore model)
{
    /// <summary>Records and counts: after each step.</summary>
    public async Task AssertRecordsAsync()
    {
        var listed = new List<TaskRecord>();
        TaskId? after = null;
        do
        {
            var page = await store.ListAsync(new(), after, Limits.ListPageMax);
            listed.AddRange(page.Tasks);
            after = page.Next;
        }
        while (after is not null);
        foreach (var task in listed) task.AssertValid();
        Assert.Equal(model.Tasks.Values.Select(static task => task.Record), listed);
        await AssertCountsAsync();
    }

    /// <summary>
    /// Payloads, results, checkpoints and the groups' results too: before each restart and at the end.
    /// </summary>
    public async Task AssertPartsAsync()
    {
        foreach (var task in model.Tasks.Values)
        {
            var found =
                await store.FindAsync(task.Record.Id, TaskParts.Payload | TaskParts.Result | TaskParts.Checkpoint);
            Assert.Equal(task.Record, found!.Task);
            Assert.Equal(task.Payload.IsJson, found.Payload!.Value.IsJson);
            AssertBytes(task.Payload.Bytes, found.Payload.Value.Bytes);
            AssertBytes(task.Result, found.Result);
            AssertBytes(task.Checkpoint, found.Checkpoint);
            var history = await store.FindHistoryAsync(task.Record.Id);
            Assert.Equal(AttemptHistory.Of(task.Record, [.. task.Attempts.Values]), history!.Attempts);
        }

        for (var i = 1; i <= model.Groups.Count; i++) await AssertResultsAsync(new(i));
    }

    public static void AssertBytes(ReadOnlyMemory<byte>? expected, ReadOnlyMemory<byte>? actual) =>
        Assert.Equal(expected?.ToArray(), actual?.ToArray());

    private async Task AssertCountsAsync()
    {
        var counts = await store.CountAsync();
        foreach (var queue in model.Tasks.Values.Select(static task => task.Record.Queue).Concat(model.PausedQueues)
            .Distinct())
        {
            Assert.Equal(
                new QueueCounts(queue, model.PausedQueues.Contains(queue), model.Count(task => task.Queue == queue)),
                Assert.Single(counts, count => count.Queue == queue));
        }

        Assert.Equal(model.Tasks.Count, counts.Sum(static count => count.Counts.Total));
        for (var i = 1; i <= model.Groups.Count; i++)
        {
            var id = new GroupId(i);
            var (name, createdAt) = model.Groups[i - 1];
            Assert.Equal(new StoredGroup(id, name, createdAt, model.Count(task => task.Group == id)),
                await store.FindGroupAsync(id));
        }
    }

    private async Task AssertResultsAsync(GroupId id)
    {
        var members = model.Tasks.Values.Where(task => task.Record.Group == id).ToArray();
        var asSubmitted = await store.ListResultsAsync(id, ResultOrder.Submitted, 0, Limits.ListPageMax);
        AssertResults(members.TakeWhile(static task => task.Record.State.IsFinal), asSubmitted.Results);
        Assert.Equal(members.All(static task => task.Record.State.IsFinal), asSubmitted.AllDelivered);

        var asFinished = await store.ListResultsAsync(id, ResultOrder.Finished, 0, Limits.ListPageMax);
        AssertResults(members.Where(static task => task.Record.State.IsFinal),
            asFinished.Results.OrderBy(static result => result.Id.Value));
        Assert.Equal(members.All(static task => task.Record.State.IsFinal), asFinished.AllDelivered);
        var steps = asFinished.Results.Select(result => model.Tasks[result.Id.Value].FinishedAtStep).ToArray();
        Assert.Equal(steps.Order(), steps);
    }

    private static void AssertResults(IEnumerable<ModelTask> expected, IEnumerable<GroupResult> actual)
    {
        var (tasks, results) = (expected.ToArray(), actual.ToArray());
        Assert.Equal(
            tasks.Select(static task => (task.Record.Id, task.Record.State, task.Record.FinishedAt!.Value,
                task.Record.Error)),
            results.Select(static result => (result.Id, result.State, result.FinishedAt, result.Error)));
        foreach (var (task, result) in tasks.Zip(results)) AssertBytes(task.Result, result.Result);
    }
}
