using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>
/// All that the operations of one transaction must see before they decide, for an engine that reads it in one round
/// trip.
/// </summary>
internal abstract class ReadPlan
{
    public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);
    public HashSet<long> Groups { get; } = [];

    /// <summary>Who brings tasks, and how much.</summary>
    public Dictionary<long, OwnerLoad> Owners { get; } = [];

    /// <summary>Tasks that a statement chooses, rather than their ids.</summary>
    public List<TaskSelection> Selections { get; } = [];

    /// <summary>How many tokens want room.</summary>
    public int TokensToAdd { get; set; }

    /// <summary>True when modules or the queues that name them change.</summary>
    public bool ChangesModules { get; set; }

    /// <summary>True when new tasks have files: their blobs must stay until the commit.</summary>
    public bool NamesFiles { get; set; }

    /// <summary>
    /// What is claimed, by all together, once everybody has decided: what they gave back can be claimed at once.
    /// </summary>
    public List<TaskClaim> Claims { get; } = [];

    /// <summary>Completed tasks whose answers are looked at again.</summary>
    public HashSet<long> Audits { get; } = [];

    /// <summary>The task that the command is for.</summary>
    public abstract void AddTask(TaskId id, TaskCommand command);

    /// <summary>What the task runs, which decides about its lane.</summary>
    /// <param name="task">The task.</param>
    /// <param name="owner">Whose modules it may name; null: any.</param>
    public abstract void AddModule(NewTask task, TokenId? owner);

    /// <summary>The owner of a new group, who may have only so many.</summary>
    public abstract void AddGroupOwner(TokenId owner);

    /// <summary>Groups without a task that were made so long ago, at most so many.</summary>
    public abstract void AddEmptyGroups(TimeSpan age, int max);
}
