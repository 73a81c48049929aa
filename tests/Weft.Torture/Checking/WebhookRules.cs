using Weft.Torture.Histories;
using Weft.Torture.Load;

namespace Weft.Torture.Checking;

/// <summary>
/// A webhook is told of each task that finished, at least once, and of nothing that did not happen or was rolled back.
/// </summary>
internal static class WebhookRules
{
    private const string Invariant = "I13";

    public static IEnumerable<Violation> Check(
        IReadOnlyCollection<Operation> history, StoreImage image, WebhookImage webhook)
    {
        if (webhook.Pending > 0) yield return new(Invariant, $"{webhook.Pending} messages to a webhook still wait");
        var byTask = new TaskHistories(history).All.ToDictionary(static task => task.Id);
        var tasks = image.Tasks.ToDictionary(static task => task.Id);
        // Where too many wait, events may be dropped: then none is missed.
        if (webhook.Dropped == 0)
        {
            foreach (var (told, id) in Finishes(image, byTask.Values).Distinct())
            {
                if (!webhook.Told.Contains((told, id)))
                    yield return new(Invariant, $"No webhook was told {told} of task {id}", Harm.Lost);
            }
        }

        foreach (var (told, id) in webhook.Told)
        {
            if (!tasks.TryGetValue(id, out var task))
                yield return new(Invariant, $"A webhook was told {told} of task {id}, which isn't there");
            else if (told != $"task.{task.State}"
                && !(told == $"task.{States.Dead}" && byTask.GetValueOrDefault(id)?.MayHaveBeenRetried == true))
            {
                yield return new(Invariant, $"A webhook was told {told} of task {id}, which is {task.State}");
            }
        }
    }

    /// <summary>What finished for good, and what somebody saw dead.</summary>
    private static IEnumerable<(string Event, long Id)> Finishes(
        StoreImage image, IEnumerable<TaskHistory> histories) =>
        image.Tasks.Where(static task => States.IsFinal(task.State))
            .Select(static task => ($"task.{task.State}", task.Id))
            .Concat(histories
                .Where(static task => task.Operations.Exists(static operation =>
                    operation is { Outcome: Outcome.Ok, Sight.State: States.Dead }))
                .Select(static task => ($"task.{States.Dead}", task.Id)));
}
