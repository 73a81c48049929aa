using Weft.Torture.Histories;

namespace Weft.Torture.Checking;

/// <summary>Holds a history and the store at its end against the invariants I1 to I15.</summary>
internal static class HistoryChecker
{
    public static IReadOnlyList<Violation> Check(IReadOnlyCollection<Operation> history, StoreImage image)
    {
        var tasks = image.Tasks.ToDictionary(static task => task.Id);
        var byTask = new TaskHistories(history);
        return
        [
            .. SubmitRules.Check(history, image, tasks),
            .. ResultRules.Check(byTask, tasks),
            .. LeaseRules.Check(byTask),
            .. StateRules.Check(byTask, tasks),
            .. StoreRules.Check(history, image),
            .. BlobRules.Check(history, image, tasks),
        ];
    }
}
