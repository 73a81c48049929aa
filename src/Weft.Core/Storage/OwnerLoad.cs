using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <summary>What one owner has stored, or may store.</summary>
/// <param name="Tasks">Unfinished tasks.</param>
/// <param name="PayloadBytes">Bytes of those tasks' payloads.</param>
/// <param name="StoredBytes"> Bytes of all tasks' payloads, results, runs, checkpoints and errors, including finished
/// tasks, plus <see cref="Limits.TaskStoredBytes"/> for each task.
/// </param>
public readonly record struct OwnerLoad(long Tasks, long PayloadBytes, long StoredBytes)
{
    /// <summary>No limit.</summary>
    public static readonly OwnerLoad Any = new(long.MaxValue, long.MaxValue, long.MaxValue);

    /// <summary>The load of new tasks.</summary>
    public static OwnerLoad Of(IReadOnlyList<NewTask> tasks)
    {
        var bytes = 0L;
        var runs = 0L;
        foreach (var task in tasks)
        {
            bytes += task.Payload.Bytes.Length;
            runs += task.Run?.Length ?? 0;
        }

        return new(tasks.Count, bytes, bytes + runs + tasks.Count * Limits.TaskStoredBytes);
    }

    /// <summary>The load of a new task.</summary>
    public static OwnerLoad OfNew(long payloadBytes, long runBytes) =>
        new(1, payloadBytes, StoredBytesOf(payloadBytes, 0) + runBytes);

    /// <summary>The load that a task removes when it finishes, and adds when it runs again.</summary>
    public static OwnerLoad OfUnfinished(long payloadBytes) => new(1, payloadBytes, 0);

    /// <summary>
    /// The load of a task for as long as it is stored, besides its run, its checkpoint and its errors.
    /// </summary>
    public static long StoredBytesOf(long payloadBytes, long resultBytes) =>
        payloadBytes + resultBytes + Limits.TaskStoredBytes;

    /// <summary>Whether this much may be unfinished.</summary>
    public bool FitsIn(OwnerLoad max) => Tasks <= max.Tasks && PayloadBytes <= max.PayloadBytes;

    /// <summary>Whether this much may be stored.</summary>
    public bool IsStorableIn(OwnerLoad max) => StoredBytes <= max.StoredBytes;

    public static OwnerLoad operator +(OwnerLoad left, OwnerLoad right) =>
        new(left.Tasks + right.Tasks, left.PayloadBytes + right.PayloadBytes, left.StoredBytes + right.StoredBytes);

    public static OwnerLoad operator -(OwnerLoad load) => new(-load.Tasks, -load.PayloadBytes, -load.StoredBytes);
}
