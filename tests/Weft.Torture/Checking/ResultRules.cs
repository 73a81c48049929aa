using Weft.Torture.Histories;

namespace Weft.Torture.Checking;

/// <summary>
/// At most one result was accepted for each task, its bytes are those that were acknowledged, and they never change.
/// </summary>
internal static class ResultRules
{
    public static IEnumerable<Violation> Check(TaskHistories histories, Dictionary<long, StoredTask> tasks) =>
        histories.All.Where(history => tasks.ContainsKey(history.Id))
            .SelectMany(history => CheckOne(history, tasks[history.Id]))
            .Concat(CheckWithoutAComplete(histories, tasks));

    private static IEnumerable<Violation> CheckOne(TaskHistory history, StoredTask task)
    {
        var completes = history.Of(OperationKind.Complete).ToList();
        var acknowledged =
            completes.Where(static complete => complete is { Outcome: Outcome.Ok, Token: not null }).ToList();
        if (acknowledged.Select(static complete => complete.Result).Distinct().Count() > 1)
        {
            yield return new("I4",
                $"Task {task.Id}: two results were accepted, " +
                $"{string.Join(" and ", acknowledged.Select(static complete => complete.Result).Distinct())}",
                Harm.AcceptedTwice);
        }

        foreach (var complete in acknowledged.Where(complete => task.State != States.Completed
            || task.Result != complete.Result))
        {
            yield return new("I4",
                $"Task {task.Id}: the accepted result {complete.Result} is lost; the task is {task.State} with " +
                $"{task.Result ?? "none"}", Harm.Lost);
        }

        foreach (var complete in completes.Where(static complete => complete is { Outcome: Outcome.Ok, Token: null }))
        {
            if (LosesOldResult(history, task, complete) is { } violation) yield return violation;
        }

        if (task.State == States.Completed)
        {
            var sent = completes.Where(complete => complete.Result == task.Result).ToList();
            if (sent.Count == 0) yield return new("I4", $"Task {task.Id} has a result that nobody sent: {task.Result}");
            else if (!sent.Exists(static complete => complete.MayHaveHappened))
                yield return new("I8", $"Task {task.Id} has the result of a complete that was refused: {task.Result}");
        }
        else if (task.Result is not null)
        {
            yield return new("I4", $"Task {task.Id} is {task.State} and has a result");
        }

        foreach (var read in history.Of(OperationKind.Read)
            .Where(static read => read.Sight is { State: States.Completed }))
        {
            if (read.Sight!.Result != task.Result)
                yield return new("I4",
                    $"Task {task.Id}: the result {read.Sight.Result} was read, and it is {task.Result ?? "none"} now");
        }
    }

    /// <summary>On the old surface 200 means: there is an end by now, mine or one that came before.</summary>
    private static Violation? LosesOldResult(TaskHistory history, StoredTask task, Operation complete)
    {
        if (!States.IsFinal(task.State))
            return new("I4",
                $"Task {task.Id}: the result {complete.Result} was answered 200, and the task is {task.State}",
                Harm.Lost);
        if (history.MayHaveBeenRetried || task.State == States.Dead) return null;
        var kind = task.State == States.Cancelled ? OperationKind.Cancel : OperationKind.Complete;
        var causes = history.Of(kind)
            .Where(cause => cause.MayHaveHappened && cause.Begin < complete.End
                && (kind == OperationKind.Cancel || cause.Result == task.Result));
        return causes.Any() ? null
            : new("I4",
                $"Task {task.Id}: the result {complete.Result} was answered 200, and what the task ended with came " +
                $"only later: {task.State} {task.Result}", Harm.Lost);
    }

    private static IEnumerable<Violation> CheckWithoutAComplete(TaskHistories histories,
        Dictionary<long, StoredTask> tasks)
    {
        var seen = histories.All.Select(static history => history.Id).ToHashSet();
        return tasks.Values.Where(task => task.State == States.Completed && !seen.Contains(task.Id))
            .Select(static task => new Violation("I4", $"Task {task.Id} is completed, and nobody completed it"));
    }
}
