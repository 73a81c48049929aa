using Weft.Core.Modules;

namespace Weft.Storage.Engine;

/// <summary>What a new task runs, by the module's number.</summary>
internal readonly record struct TaskRun(long Module, ReadOnlyMemory<byte>? Run);

/// <summary>
/// The modules that one transaction has found, of those that its new tasks or their queues name. They stay until it
/// commits.
/// </summary>
internal sealed class FoundModules : KnownModules
{
    /// <summary>How a task that was resolved is stored; null for one that runs nothing.</summary>
    public TaskRun? RunOf(ModuleHash? module, ReadOnlyMemory<byte>? run) =>
        module is { } hash ? new(IdOf(hash), run) : null;

    /// <summary>A module's hash, number and kind.</summary>
    public void Read<TRow>(TRow row)
        where TRow : IRow =>
        Modules[ModuleHash.Parse(row.Text(0))] = (row.Long(1), (ModuleKind)row.Short(2));

    /// <summary>A queue, its module's hash, number and kind, and how to run it.</summary>
    public void ReadOfQueue<TRow>(TRow row)
        where TRow : IRow
    {
        var hash = ModuleHash.Parse(row.Text(1));
        Modules[hash] = (row.Long(2), (ModuleKind)row.Short(3));
        Queues[row.Text(0)] = new(hash, row.BytesOrNull(4));
    }
}
