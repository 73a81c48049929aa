using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>
/// The owners' unfinished and stored amounts, as one transaction finds and changes them. Empty in a database without
/// owners.
/// </summary>
internal sealed class OwnerChanges
{
    private readonly Dictionary<long, OwnerLoad> _found = [];
    private readonly Dictionary<long, OwnerLoad> _revived = [];

    /// <summary>Added by new tasks.</summary>
    public Dictionary<long, OwnerLoad> Added { get; } = [];

    /// <summary>Tasks that finished, or became unfinished again.</summary>
    public List<(long Task, long Change)> Moved { get; } = [];

    /// <summary>New results.</summary>
    public List<(long Task, long Bytes)> Results { get; } = [];

    /// <summary>Tasks that are about to be deleted.</summary>
    public List<long> Forgotten { get; } = [];

    /// <summary>Whether the counts change.</summary>
    public bool AreChanged => Added.Count > 0 || (Moved.Count + Results.Count + Forgotten.Count > 0 && AreThere);

    /// <summary>
    /// Whether anybody ever owned anything. Read once the rows are locked: an owner of a locked task was counted
    /// before.
    /// </summary>
    public bool AreThere { get; set; }

    /// <summary>An owner, with its amounts.</summary>
    public void Read<TRow>(TRow row)
        where TRow : IRow =>
        _found[row.Long(0)] = new(row.Long(1), row.Long(2), row.Long(3));

    /// <summary>The owner's amounts, with this transaction's changes.</summary>
    public OwnerLoad Of(TokenId owner) =>
        _found.GetValueOrDefault(owner.Value) + Added.GetValueOrDefault(owner.Value)
        + _revived.GetValueOrDefault(owner.Value);

    public void Add(TokenId owner, OwnerLoad load) =>
        Added[owner.Value] = Added.GetValueOrDefault(owner.Value) + load;

    /// <summary>
    /// A task finished (-1), or became unfinished again (+1). Its owner is looked up when the count is changed.
    /// </summary>
    public void Move(TaskId id, int change) => Moved.Add((id.Value, change));

    /// <summary>An owner's task became unfinished again: later ones in this transaction count it.</summary>
    public void Revive(TokenId owner, OwnerLoad load) =>
        _revived[owner.Value] = _revived.GetValueOrDefault(owner.Value) + load;

    /// <summary>A task got a result.</summary>
    public void StoreResult(TaskId id, int bytes) => Results.Add((id.Value, bytes));

    /// <summary>This transaction deletes a finished task after the counts are changed.</summary>
    public void Forget(TaskId id) => Forgotten.Add(id.Value);
}
