using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>
/// What owners have, unfinished and stored, as one transaction finds it and changes it. In a database where nobody owns
/// anything it says nothing.
/// </summary>
internal sealed class OwnerChanges
{
    private readonly Dictionary<long, OwnerLoad> _found = [];
    private readonly Dictionary<long, OwnerLoad> _revived = [];

    /// <summary>What new tasks add.</summary>
    public Dictionary<long, OwnerLoad> Added { get; } = [];

    /// <summary>Tasks that left the unfinished ones, or came back to them.</summary>
    public List<(long Task, long Change)> Moved { get; } = [];

    /// <summary>Results that came.</summary>
    public List<(long Task, long Bytes)> Results { get; } = [];

    /// <summary>Tasks that are about to be deleted.</summary>
    public List<long> Forgotten { get; } = [];

    /// <summary>Whether the counts change.</summary>
    public bool AreChanged => Added.Count > 0 || (Moved.Count + Results.Count + Forgotten.Count > 0 && AreThere);

    /// <summary>
    /// Whether anybody ever owned anything. Read once the rows are locked: whose task is among them was counted before.
    /// </summary>
    public bool AreThere { get; set; }

    /// <summary>An owner, with what it has.</summary>
    public void Read<TRow>(TRow row)
        where TRow : IRow =>
        _found[row.Long(0)] = new(row.Long(1), row.Long(2), row.Long(3));

    /// <summary>What the owner has, with what this transaction adds.</summary>
    public OwnerLoad Of(TokenId owner) =>
        _found.GetValueOrDefault(owner.Value) + Added.GetValueOrDefault(owner.Value)
        + _revived.GetValueOrDefault(owner.Value);

    public void Add(TokenId owner, OwnerLoad load) =>
        Added[owner.Value] = Added.GetValueOrDefault(owner.Value) + load;

    /// <summary>
    /// A task left the unfinished ones (-1), or came back to them (+1). Its owner is looked up where the count is
    /// changed.
    /// </summary>
    public void Move(TaskId id, int change) => Moved.Add((id.Value, change));

    /// <summary>
    /// An owner's task came back to the unfinished ones: those that come after it in this transaction find its room
    /// taken.
    /// </summary>
    public void Revive(TokenId owner, OwnerLoad load) =>
        _revived[owner.Value] = _revived.GetValueOrDefault(owner.Value) + load;

    /// <summary>A task left a result.</summary>
    public void StoreResult(TaskId id, int bytes) => Results.Add((id.Value, bytes));

    /// <summary>A finished task is deleted by this transaction, later than the counts are changed.</summary>
    public void Forget(TaskId id) => Forgotten.Add(id.Value);
}
