using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>What to lock and read in a transaction's first round trip.</summary>
internal sealed class RemoteReadPlan(SharedLanes lanes, LeaseCache leases) : ReadPlan
{
    // As of the last read. Read once for the whole plan, since another writer may update it.
    private readonly bool _queuesHaveModules = lanes.QueuesHaveModules;

    public HashSet<long> Tasks { get; } = [];

    /// <summary>Tasks that needn't be read, only locked.</summary>
    public List<LockedTask> Remembered { get; } = [];

    /// <summary>The owners of new groups. In order, since they are locked.</summary>
    public SortedSet<long> GroupOwners { get; } = [];

    /// <summary>Empty groups to delete: how old, and how many at most.</summary>
    public List<(TimeSpan Age, int Max)> EmptyGroups { get; } = [];

    /// <summary>Modules that new tasks name, by hash.</summary>
    public HashSet<string> Modules { get; } = new(StringComparer.Ordinal);

    /// <summary>Owners that may name only their own modules, or public ones.</summary>
    public HashSet<long> ModulesOf { get; } = [];

    /// <summary>Queues whose new tasks name none, if queues have modules at all.</summary>
    public HashSet<string> ModulesOfQueues { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// True if there are new tasks whose queues may have modules, but that wasn't queried because no queue had one at
    /// the last read.
    /// </summary>
    public bool AsksNoQueues { get; private set; }

    public override void AddTask(TaskId id, TaskCommand command)
    {
        if (command is TaskCommand.Complete complete && leases.Take(id, complete.Token) is { } task)
        {
            Remembered.Add(task);
        }
        else Tasks.Add(id.Value);
    }

    public override void AddGroupOwner(TokenId owner) => GroupOwners.Add(owner.Value);

    public override void AddEmptyGroups(TimeSpan age, int max) => EmptyGroups.Add((age, max));

    public override void AddModule(NewTask task, TokenId? owner)
    {
        if (task.Module is { } module)
        {
            Modules.Add(module.ToString());
            if (owner is { } known) ModulesOf.Add(known.Value);
        }

        if (task is { Module: not null, Verify: not null }) return;
        if (_queuesHaveModules) ModulesOfQueues.Add(task.Queue);
        else AsksNoQueues = true;
    }
}
