using Weft.Torture.Histories;

namespace Weft.Torture.Checking;

/// <summary>
/// What was acknowledged is there, what is there was asked for, and nothing is there more often than it was asked for.
/// </summary>
internal static class SubmitRules
{
    public static IEnumerable<Violation> Check(IReadOnlyCollection<Operation> history, StoreImage image,
        Dictionary<long, StoredTask> tasks)
    {
        var stored = image.Tasks.ToLookup(static task => task.Payload);
        var submits = history.Where(static operation => operation.Kind == OperationKind.Submit)
            .ToLookup(static submit => submit.Payload!);
        return submits.SelectMany(sent => CheckOne(sent.Key, [.. sent], [.. stored[sent.Key]], tasks))
            .Concat(image.Tasks.Where(task => !submits.Contains(task.Payload))
                .Select(static task =>
                    new Violation("I2", $"Task {task.Id} has a payload that nobody submitted: {task.Payload}")))
            .Concat(CheckHandedOut(history, tasks));
    }

    private static IEnumerable<Violation> CheckOne(string payload, List<Operation> sent, List<StoredTask> stored,
        Dictionary<long, StoredTask> tasks)
    {
        var acknowledged = sent.Where(static submit => submit.Outcome == Outcome.Ok).ToList();
        foreach (var submit in acknowledged)
        {
            if (!tasks.TryGetValue(submit.TaskId!.Value, out var task))
                yield return new("I1", $"The submit that was answered with task {submit.TaskId} is lost", Harm.Lost);
            else if (task.Payload != payload)
                yield return new("I1", $"Task {task.Id} was submitted as {payload} and is {task.Payload}", Harm.Lost);
        }

        var ids = acknowledged.Select(static submit => submit.TaskId).Distinct().Count();
        if (sent[0].Key is { } key)
        {
            if (ids > 1) yield return new("I3", $"Key {key} was answered with {ids} tasks");
            if (stored.Count > 1) yield return new("I3", $"Key {key} made {stored.Count} tasks");
        }
        else if (ids < acknowledged.Count)
        {
            yield return new("I8", $"{acknowledged.Count} submits of {payload} were answered with {ids} tasks");
        }

        var most = sent.Count(static submit => submit.MayHaveHappened);
        if (stored.Count > most)
            yield return new("I8",
                $"{payload} is stored {stored.Count} times; at most {most} submits can have happened");
    }

    private static IEnumerable<Violation> CheckHandedOut(IEnumerable<Operation> history,
        Dictionary<long, StoredTask> tasks) =>
        from operation in history
        from claimed in operation.Claims
        let task = tasks.GetValueOrDefault(claimed.TaskId)
        where task?.Payload != claimed.Payload
        select new Violation("I1", task is null
            ? $"Task {claimed.TaskId} was handed out and is lost"
            : $"Task {claimed.TaskId} was handed out as {claimed.Payload} and is {task.Payload}", Harm.Lost);
}
