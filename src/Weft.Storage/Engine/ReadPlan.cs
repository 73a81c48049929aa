using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>
/// All that the operations of one transaction must read before they decide, for an engine that reads it in one round
/// trip.
/// </summary>
internal abstract class ReadPlan
{
    public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);
    public HashSet<long> Groups { get; } = [];

    /// <summary>The owners of new tasks, and their amounts.</summary>
    public Dictionary<long, OwnerLoad> Owners { get; } = [];

    /// <summary>Tasks that a statement selects, rather than by their ids.</summary>
    public List<TaskSelection> Selections { get; } = [];

    /// <summary>The number of tokens to add.</summary>
    public int TokensToAdd { get; set; }

    /// <summary>True if modules, or the queues that name them, change.</summary>
    public bool ChangesModules { get; set; }

    /// <summary>True if new tasks have files: their blobs must stay until the commit.</summary>
    public bool NamesFiles { get; set; }

    /// <summary>All claims together, after all other decisions: released tasks can be claimed at once.</summary>
    public List<TaskClaim> Claims { get; } = [];

    /// <summary>Completed tasks whose answers are audited.</summary>
    public HashSet<long> Audits { get; } = [];

    /// <summary>The command's task.</summary>
    public abstract void AddTask(TaskId id, TaskCommand command);

    /// <summary>The task's module, which decides its lane.</summary>
    /// <param name="task">The task.</param>
    /// <param name="owner">The owner whose modules it may name; null: any.</param>
    public abstract void AddModule(NewTask task, TokenId? owner);

    /// <summary>The owner of a new group, whose number is limited.</summary>
    public abstract void AddGroupOwner(TokenId owner);

    /// <summary>Empty groups that are old enough, up to a limit.</summary>
    public abstract void AddEmptyGroups(TimeSpan age, int max);
}
