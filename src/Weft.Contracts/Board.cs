namespace Weft.Contracts;

/// <summary>The named volunteers and the work they have done.</summary>
/// <param name="On">False: this coordinator has no board.</param>
/// <param name="Names">Names with at least one result, most tasks first.</param>
public sealed record Board(bool On, IReadOnlyList<BoardEntry> Names);

/// <summary>A volunteer.</summary>
/// <param name="Worker">The worker's name in receipts.</param>
/// <param name="Name">As the volunteer entered it.</param>
/// <param name="Tasks">Results accepted since the name was set.</param>
/// <param name="ComputeSeconds">How long those took, by the worker's own report, but at most as long as it held the
/// tasks.</param>
/// <param name="Since">When the name was first set.</param>
/// <param name="SeenAt">When the last result arrived, to within a few seconds.</param>
public sealed record BoardEntry(
    string Worker, string Name, long Tasks, double ComputeSeconds, DateTimeOffset Since, DateTimeOffset SeenAt);

/// <summary>Sets or removes a volunteer's name.</summary>
/// <param name="WorkerKey">The worker's key.</param>
/// <param name="Name">Null: removes the name and its counts.</param>
public sealed record BoardNameRequest(string WorkerKey, string? Name = null)
{
    /// <summary>Without the key: a record's own text would leak it into logs.</summary>
    public override string ToString() => $"name {Name}";
}

/// <summary>A name that was set or removed.</summary>
/// <param name="Worker">The worker's name in receipts.</param>
/// <param name="Name">Null: it has none.</param>
public sealed record BoardName(string Worker, string? Name = null);
