using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>What a new task runs and finds, by the module's and the files' number.</summary>
internal readonly record struct TaskRun(long? Module, ReadOnlyMemory<byte>? Run, long? Files);

/// <summary>
/// The modules that one transaction has found, of those that its new tasks or their queues name. They stay until it
/// commits.
/// </summary>
internal sealed class FoundModules : KnownModules
{
    private readonly HashSet<long> _open = [];
    private readonly HashSet<(long Module, long Owner)> _owned = [];

    /// <summary>How a task that was resolved is stored; null for one that runs nothing, and has no files.</summary>
    public TaskRun? RunOf(NewTask task)
    {
        if (task.Module is null && task.Files is null) return null;
        return new(task.Module is { } hash ? IdOf(hash) : null, task.Run, task.Files?.Id);
    }

    /// <summary>A module's hash, number and kind, and whether it is open to all.</summary>
    public void Read<TRow>(TRow row)
        where TRow : IRow
    {
        Modules[ModuleHash.Parse(row.Text(0))] = (row.Long(1), (ModuleKind)row.Short(2));
        if (row.Bool(3)) _open.Add(row.Long(1));
    }

    /// <summary>A module's number, and one of its owners.</summary>
    public void ReadOwner<TRow>(TRow row)
        where TRow : IRow => _owned.Add((row.Long(0), row.Long(1)));

    /// <summary>A queue, its module's hash, number and kind, and how to run it.</summary>
    public void ReadOfQueue<TRow>(TRow row)
        where TRow : IRow
    {
        var hash = ModuleHash.Parse(row.Text(1));
        Modules[hash] = (row.Long(2), (ModuleKind)row.Short(3));
        Queues[row.Text(0)] = new(hash, row.BytesOrNull(4));
    }

    protected override bool MayName(long module, TokenId owner) =>
        _open.Contains(module) || _owned.Contains((module, owner.Value));
}
