using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>
/// The order in which ready tasks are claimed: highest priority first, then oldest. The index tasks_ready has this
/// order in both engines.
/// </summary>
internal static class TaskOrder
{
    public static int Compare(TaskRecord a, TaskRecord b) =>
        a.Priority != b.Priority ? b.Priority.CompareTo(a.Priority) : a.Id.Value.CompareTo(b.Id.Value);
}
