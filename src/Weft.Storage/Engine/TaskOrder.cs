using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>
/// The order in which ready tasks are claimed: the highest priority first, then the oldest. Both engines' tasks_ready
/// has it, too.
/// </summary>
internal static class TaskOrder
{
    public static int Compare(TaskRecord a, TaskRecord b) =>
        a.Priority != b.Priority ? b.Priority.CompareTo(a.Priority) : a.Id.Value.CompareTo(b.Id.Value);
}
