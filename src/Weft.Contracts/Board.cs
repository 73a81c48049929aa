namespace Weft.Contracts;

/// <summary>Who gave a name, and what was computed under it.</summary>
/// <param name="On">False: this coordinator has no board.</param>
/// <param name="Names">Those under which something was computed, the most tasks first.</param>
public sealed record Board(bool On, IReadOnlyList<BoardEntry> Names);

/// <summary>A volunteer.</summary>
/// <param name="Worker">What the worker is called in receipts, too.</param>
/// <param name="Name">As the volunteer wrote it.</param>
/// <param name="Tasks">Results that were taken since the name was given.</param>
/// <param name="ComputeSeconds">How long those took, as the worker says, at most as long as it had the tasks.</param>
/// <param name="Since">When the name was given first.</param>
/// <param name="SeenAt">When something was computed under it last, give or take some seconds.</param>
public sealed record BoardEntry(
    string Worker, string Name, long Tasks, double ComputeSeconds, DateTimeOffset Since, DateTimeOffset SeenAt);

/// <summary>A volunteer gives a name, or takes it back.</summary>
/// <param name="WorkerKey">Whose name it is.</param>
/// <param name="Name">Null: the worker's name goes, with what was counted.</param>
public sealed record BoardNameRequest(string WorkerKey, string? Name = null)
{
    /// <summary>Without the key: a record would write it into every log that it gets into.</summary>
    public override string ToString() => $"name {Name}";
}

/// <summary>A name that was given, or went.</summary>
/// <param name="Worker">What the worker is called in receipts, too.</param>
/// <param name="Name">Null: it has none.</param>
public sealed record BoardName(string Worker, string? Name = null);
