using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Tasks;
using Weft.Core.Verification;

namespace Weft.Storage.Engine;

/// <summary>A new task's module and files, by number, and its verification policy.</summary>
internal readonly record struct TaskRun(
    long? Module, ReadOnlyMemory<byte>? Run, long? Files, string? Policy = null);

/// <summary>
/// The modules that one transaction has found, of those that its new tasks or their queues name. They can't be deleted
/// before it commits.
/// </summary>
internal sealed class FoundModules : KnownModules
{
    private readonly HashSet<long> _open = [];
    private readonly HashSet<(long Module, long Owner)> _owned = [];

    /// <summary>How a resolved task is stored; null for one without a module and files.</summary>
    public TaskRun? RunOf(NewTask task)
    {
        if (task.Module is null && task.Files is null && task.Verify is null) return null;
        var policy = task.Verify is { } verify ? VerificationPolicyText.Write(verify) : null;
        return new(task.Module is { } hash ? IdOf(hash) : null, task.Run, task.Files?.Id, policy);
    }

    /// <summary>A module's hash, number and kind, and whether it is public.</summary>
    public void Read<TRow>(TRow row)
        where TRow : IRow
    {
        Modules[ModuleHash.Parse(row.Text(0))] = (row.Long(1), (ModuleKind)row.Short(2));
        if (row.Bool(3)) _open.Add(row.Long(1));
    }

    /// <summary>A module's number, and one of its owners.</summary>
    public void ReadOwner<TRow>(TRow row)
        where TRow : IRow => _owned.Add((row.Long(0), row.Long(1)));

    /// <summary>
    /// A queue, its module's hash, number and kind, its run, its policy, its files, and whether it has a module or run
    /// at all.
    /// </summary>
    public void ReadOfQueue<TRow>(TRow row)
        where TRow : IRow
    {
        if (row.TextOrNull(5) is { } policy) Policies[row.Text(0)] = VerificationPolicyText.Read(policy);
        if (!row.Bool(7)) return;
        ModuleHash? hash = row.TextOrNull(1) is { } text ? ModuleHash.Parse(text) : null;
        if (hash is { } known) Modules[known] = (row.Long(2), (ModuleKind)row.Short(3));
        AddQueue(row.Text(0), new(hash, row.BytesOrNull(4)) { Files = row.BytesOrNull(6) });
    }

    protected override bool MayName(long module, TokenId owner) =>
        _open.Contains(module) || _owned.Contains((module, owner.Value));
}
