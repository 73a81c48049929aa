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

        foreach (var task in image.Tasks)
        {
            foreach (var hash in new[] { task.File, task.Output }.OfType<string>().Where(each => !IsThere(image, each)))
                yield return new("I14", $"Task {task.Id} names {hash}, which is {Of(image, hash)}", Harm.Lost);
        }

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

    private static bool IsThere(StoreImage image, string hash) => image.Blobs.GetValueOrDefault(hash) == hash;

    private static string Of(StoreImage image, string hash) =>
        image.Blobs.GetValueOrDefault(hash) is null ? "gone" : "changed";
}
