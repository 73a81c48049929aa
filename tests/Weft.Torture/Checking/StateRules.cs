using Weft.Torture.Histories;

namespace Weft.Torture.Checking;

/// <summary>
/// Completed and cancelled are for ever; dead is left only by a retry; and no task is cancelled that nobody cancelled.
/// </summary>
internal static class StateRules
{
    public static IEnumerable<Violation> Check(TaskHistories histories, Dictionary<long, StoredTask> tasks) =>
        histories.All.SelectMany(history =>
            Facts(history).SelectMany(fact => CheckFact(history, fact, tasks.GetValueOrDefault(history.Id))))
            .Concat(CheckCancelled(histories, tasks));

    /// <summary>When somebody was told that a task had reached a final state.</summary>
    private static IEnumerable<(string State, Operation Told)> Facts(TaskHistory history)
    {
        foreach (var operation in history.Operations.Where(static operation => operation.Outcome == Outcome.Ok))
        {
            var state = operation switch
            {
                { Kind: OperationKind.Complete, Token: not null } => States.Completed,
                { Kind: OperationKind.Cancel } => States.Cancelled,
                { Sight: { } sight } when States.IsFinal(sight.State) => sight.State,
                _ => null,
            };
            if (state is not null && (state != States.Dead || !history.MayHaveBeenRetried))
                yield return (state, operation);
        }
    }

    private static IEnumerable<Violation> CheckFact(TaskHistory history, (string State, Operation Told) fact,
        StoredTask? end)
    {
        var (state, told) = fact;
        if (end is not null && end.State != state)
            yield return new("I7", $"Task {history.Id} was {state} and is {end.State} at the end");
        if (history.Claims.Exists(claim => claim.Claim.Begin > told.End))
            yield return new("I7", $"Task {history.Id} was handed out after it was {state}");
        foreach (var later in history.Operations.Where(operation => operation.Begin > told.End
            && operation.Outcome == Outcome.Ok))
        {
            if (later.Sight is { } sight && sight.State != state)
                yield return new("I7", $"Task {history.Id} was {state}, and was seen {sight.State} later");
            if (later.Kind is OperationKind.Retry || (later.Kind == OperationKind.Cancel && state != States.Cancelled))
                yield return new("I7", $"Task {history.Id} was {state}, and a {later.Kind} was accepted later");
        }
    }

    private static IEnumerable<Violation> CheckCancelled(TaskHistories histories, Dictionary<long, StoredTask> tasks)
    {
        var cancels =
            histories.All.Where(static history =>
                history.Of(OperationKind.Cancel).Any(static cancel => cancel.MayHaveHappened))
                .Select(static history => history.Id).ToHashSet();
        return tasks.Values.Where(task => task.State == States.Cancelled && !cancels.Contains(task.Id))
            .Select(static task =>
                new Violation("I8", $"Task {task.Id} is cancelled, and no cancel of it can have happened"));
    }
}
