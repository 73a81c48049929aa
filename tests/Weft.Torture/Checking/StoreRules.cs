using Weft.Torture.Histories;

namespace Weft.Torture.Checking;

/// <summary>
/// Everything came to rest, the kept numbers equal the rows, the store is sound, and no answer was a bug's.
/// </summary>
internal static class StoreRules
{
    private const int InternalError = 500;

    public static IEnumerable<Violation> Check(IEnumerable<Operation> history, StoreImage image)
    {
        foreach (var finding in image.Findings) yield return new("I11", $"At the end: {finding}");
        foreach (var bug in history.Where(static operation => operation.Status == InternalError))
            yield return new("I8", $"A {bug.Kind} was answered 500, which says neither yes nor no");
        if (!image.CameToRest)
        {
            foreach (var task in image.Tasks.Where(static task => !States.IsFinal(task.State)))
                yield return new("I9", $"Task {task.Id} is still {task.State}");
        }

        if (image.StatsTotal != image.Tasks.Count)
            yield return new("I10", $"/stats says {image.StatsTotal} tasks, and there are {image.Tasks.Count}");
        foreach (var violation in Compare("queue", image.QueueCounts,
            image.Tasks.Select(static task => (task.Queue, task.State)))) yield return violation;
        foreach (var violation in Compare("group", image.GroupCounts,
            image.Tasks.Where(static task => task.Group is not null)
                .Select(static task => (task.Group!.Value, task.State)))) yield return violation;
    }

    private static IEnumerable<Violation> Compare<T>(string what,
        IReadOnlyDictionary<(T Name, string State), long> kept, IEnumerable<(T Name, string State)> rows)
        where T : notnull
    {
        var counted =
            rows.CountBy(static row => row).ToDictionary(static row => row.Key, static row => (long)row.Value);
        return counted.Keys.Union(kept.Keys).Where(key => kept.GetValueOrDefault(key) != counted.GetValueOrDefault(key))
            .Select(key =>
                new Violation("I10",
                    $"The {what} {key.Name} counts {kept.GetValueOrDefault(key)} {key.State} tasks, and has " +
                    $"{counted.GetValueOrDefault(key)}"));
    }
}
