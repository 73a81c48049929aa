using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <summary>What one owner has unfinished, or may have.</summary>
/// <param name="Tasks">In any state that isn't final.</param>
/// <param name="PayloadBytes">Of those tasks' payloads.</param>
public readonly record struct OwnerLoad(long Tasks, long PayloadBytes)
{
    /// <summary>A bound that nobody meets.</summary>
    public static readonly OwnerLoad Any = new(long.MaxValue, long.MaxValue);

    public static OwnerLoad Of(IReadOnlyList<NewTask> tasks)
    {
        var bytes = 0L;
        foreach (var task in tasks) bytes += task.Payload.Bytes.Length;
        return new(tasks.Count, bytes);
    }

    public bool FitsIn(OwnerLoad max) => Tasks <= max.Tasks && PayloadBytes <= max.PayloadBytes;

    public static OwnerLoad operator +(OwnerLoad left, OwnerLoad right) => new(left.Tasks + right.Tasks, left.PayloadBytes + right.PayloadBytes);

    public static OwnerLoad operator -(OwnerLoad load) => new(-load.Tasks, -load.PayloadBytes);
}
