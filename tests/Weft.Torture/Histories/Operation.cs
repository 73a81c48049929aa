namespace Weft.Torture.Histories;

internal enum OperationKind
{
    Submit,
    Claim,
    Complete,
    Fail,
    Release,
    Heartbeat,
    Cancel,
    Retry,
    Read,
    Push,
    PushPiece,
}

/// <summary>How an operation ended for its caller.</summary>
internal enum Outcome
{
    /// <summary>Answered 2xx: it happened.</summary>
    Ok,

    /// <summary>Refused, or never sent: it did not happen.</summary>
    Fail,

    /// <summary>No answer, or one that says so: it happened once or not at all.</summary>
    Unknown,
}

/// <summary>A task in a claim's answer. The old surface tells neither attempt nor token nor lease.</summary>
internal sealed record Claimed(long TaskId, string Payload, int? Attempt = null, string? Token = null,
    DateTimeOffset? LeaseFrom = null, DateTimeOffset? LeaseUntil = null, bool MayWrite = false);

/// <summary>A task as a read showed it.</summary>
internal sealed record Sight(string State, int Attempt = 0, DateTimeOffset? LeaseUntil = null, string? Result = null);

/// <summary>
/// One thing that a client asked, and what it was told. <see cref="Begin"/> and <see cref="End"/> are places in the one
/// order of the history: an operation that ended before another began did so in real time.
/// </summary>
internal sealed record Operation
{
    /// <summary>The end of an operation without an answer: it may still be under way.</summary>
    public const long Never = long.MaxValue;

    public required OperationKind Kind { get; init; }
    public required Outcome Outcome { get; init; }
    public long Begin { get; init; }
    public long End { get; init; } = Never;

    /// <summary>The task; of a submit the one that was answered.</summary>
    public long? TaskId { get; init; }

    /// <summary>Of a submit: what was sent, unlike the payload of any other task.</summary>
    public string? Payload { get; init; }

    /// <summary>Of a submit: the idempotency key and, in a batch, the place; null for none.</summary>
    public string? Key { get; init; }

    /// <summary>Of a claim that is ok.</summary>
    public IReadOnlyList<Claimed> Claims { get; init; } = [];

    /// <summary>Of what a worker says about its task; null on the old surface.</summary>
    public string? Token { get; init; }

    /// <summary>Of a complete: what was sent, unlike the result of any other complete.</summary>
    public string? Result { get; init; }

    /// <summary>
    /// Of a push: the hash. Of a submit: of the file that the task finds; of a complete: of the one that it has
    /// written; null for none.
    /// </summary>
    public string? Blob { get; init; }

    /// <summary>Of a piece of a push: how many bytes of the file the coordinator has; null: it didn't say.</summary>
    public int? Offset { get; init; }

    /// <summary>Of a read that is ok.</summary>
    public Sight? Sight { get; init; }

    /// <summary>The answer's status; 0 for none.</summary>
    public int Status { get; init; }

    public bool MayHaveHappened => Outcome != Outcome.Fail;
}
