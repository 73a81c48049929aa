using Weft.Torture.Histories;

namespace Weft.Torture.Checking;

/// <summary>
/// What was pushed is there, byte for byte; tasks find what they were submitted with, and have what they were completed
/// with; and nothing names what isn't there.
/// </summary>
internal static class BlobRules
{
    public static IEnumerable<Violation> Check(
        IReadOnlyCollection<Operation> history, StoreImage image, Dictionary<long, StoredTask> tasks)
    {
        foreach (var push in history.Where(static each => each is { Kind: OperationKind.Push, Outcome: Outcome.Ok }))
        {
            if (push.Blob is { } hash && !IsThere(image, hash))
                yield return new("I14", $"The push of {hash} was acknowledged, and is {Of(image, hash)}", Harm.Lost);
        }

        foreach (var violation in CheckPieces(history).Concat(CheckNamed(image))) yield return violation;
        foreach (var operation in history.Where(static each => each is { Outcome: Outcome.Ok, TaskId: not null }))
        {
            if (!tasks.TryGetValue(operation.TaskId!.Value, out var task)) continue;
            if (operation.Kind == OperationKind.Submit && operation.Payload == task.Payload
                && operation.Blob != task.File)
            {
                yield return new("I14", $"Task {task.Id} was submitted with {operation.Blob ?? "no file"}, and has " +
                    $"{task.File ?? "none"}");
            }

            if (operation is { Kind: OperationKind.Complete, Token: not null } && operation.Result == task.Result
                && operation.Blob != task.Output)
            {
                yield return new("I14", $"Task {task.Id} was completed with {operation.Blob ?? "no file"}, and has " +
                    $"{task.Output ?? "none"}", Harm.Lost);
            }
        }
    }

    /// <summary>What tasks name must be there.</summary>
    public static IEnumerable<Violation> CheckNamed(StoreImage image) =>
        from task in image.Tasks
        from hash in new[] { task.File, task.Output }.OfType<string>()
        where !IsThere(image, hash)
        select new Violation("I14", $"Task {task.Id} names {hash}, which is {Of(image, hash)}", Harm.Lost);

    /// <summary>What is there of a file that is being pushed stays there.</summary>
    private static IEnumerable<Violation> CheckPieces(IEnumerable<Operation> history)
    {
        foreach (var push in history.Where(static each => each.Offset is not null).GroupBy(static each => each.Blob))
        {
            // One client at a time brings it.
            foreach (var (earlier, later) in push.OrderBy(static each => each.Begin).Pairwise())
            {
                if (later.Offset < earlier.Offset) yield return new("I14",
                    $"{earlier.Offset} bytes of {push.Key} were acknowledged, and {later.Offset} were there later",
                    Harm.Lost);
            }
        }
    }

    private static IEnumerable<(T, T)> Pairwise<T>(this IEnumerable<T> items) => items.Zip(items.Skip(1));

    private static bool IsThere(StoreImage image, string hash) => image.Blobs.GetValueOrDefault(hash) == hash;

    private static string Of(StoreImage image, string hash) =>
        image.Blobs.GetValueOrDefault(hash) is null ? "gone" : "changed";
}
