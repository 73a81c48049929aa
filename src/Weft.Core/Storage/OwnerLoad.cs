using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <summary>What one owner has in a store, or may have.</summary>
/// <param name="Tasks">Unfinished ones: in any state that isn't final.</param>
/// <param name="PayloadBytes">Of those tasks' payloads.</param>
/// <param name="StoredBytes">
/// Of all tasks' payloads, results, runs of modules, checkpoints and errors, finished ones too, and
/// <see cref="Limits.TaskStoredBytes"/> besides for each task.
/// </param>
public readonly record struct OwnerLoad(long Tasks, long PayloadBytes, long StoredBytes)
{
    /// <summary>A bound that nobody meets.</summary>
    public static readonly OwnerLoad Any = new(long.MaxValue, long.MaxValue, long.MaxValue);

    /// <summary>What new tasks bring.</summary>
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

    /// <summary>What a new task brings.</summary>
    public static OwnerLoad OfNew(long payloadBytes, long runBytes) =>
        new(1, payloadBytes, StoredBytesOf(payloadBytes, 0) + runBytes);

    /// <summary>What a task takes with it when it finishes, and brings when it runs again.</summary>
    public static OwnerLoad OfUnfinished(long payloadBytes) => new(1, payloadBytes, 0);

    /// <summary>
    /// What a task counts for as long as it is stored, besides its run, its checkpoint and its errors.
    /// </summary>
    public static long StoredBytesOf(long payloadBytes, long resultBytes) =>
        payloadBytes + resultBytes + Limits.TaskStoredBytes;

    /// <summary>Whether so much may be unfinished.</summary>
    public bool FitsIn(OwnerLoad max) => Tasks <= max.Tasks && PayloadBytes <= max.PayloadBytes;

    /// <summary>Whether so much may be stored.</summary>
    public bool IsStorableIn(OwnerLoad max) => StoredBytes <= max.StoredBytes;

    public static OwnerLoad operator +(OwnerLoad left, OwnerLoad right) =>
        new(left.Tasks + right.Tasks, left.PayloadBytes + right.PayloadBytes, left.StoredBytes + right.StoredBytes);

    public static OwnerLoad operator -(OwnerLoad load) => new(-load.Tasks, -load.PayloadBytes, -load.StoredBytes);
}
