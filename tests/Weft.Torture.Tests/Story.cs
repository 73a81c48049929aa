using Weft.Torture.Checking;
using Weft.Torture.Histories;

namespace Weft.Torture.Tests;

/// <summary>
/// A history written by hand, and the store at its end. Each step begins after the one before has ended; a story
/// without a flaw is told first, and each test puts one flaw into it.
/// </summary>
internal sealed class Story
{
    public const string Payload = "{\"task\":1}";
    public const string Result = "\"result\"";
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<Operation> _operations = [];
    private readonly List<StoredTask> _tasks = [];
    private long _now;

    public List<string> Findings { get; } = [];

    public bool CameToRest { get; set; } = true;

    public long? StatsTotal { get; set; }

    public Dictionary<(string, string), long>? QueueCounts { get; set; }

    public Dictionary<(long, string), long>? GroupCounts { get; set; }

    /// <summary>What there is of each file at the end, by its hash.</summary>
    public Dictionary<string, string?> Blobs { get; } = [];

    public Story Submit(long? id = 1, string payload = Payload, Outcome outcome = Outcome.Ok, string? key = null,
        string? blob = null) =>
        Add(new()
            { Kind = OperationKind.Submit, Outcome = outcome, TaskId = id, Payload = payload, Key = key, Blob = blob });

    public Story Push(string blob, string? stored)
    {
        Blobs[blob] = stored;
        return Add(new() { Kind = OperationKind.Push, Outcome = Outcome.Ok, Blob = blob });
    }

    public Story PushPiece(int offset, Outcome outcome = Outcome.Ok) =>
        Add(new() { Kind = OperationKind.PushPiece, Outcome = outcome, Blob = "p", Offset = offset });

    /// <summary>A claim at <paramref name="second"/> of the coordinator's clock, with a lease of ten seconds.</summary>
    public Story Claim(int attempt = 1, long id = 1, string payload = Payload, int second = 0) => Add(new()
    {
        Kind = OperationKind.Claim, Outcome = Outcome.Ok,
        Claims = [new(id, payload, attempt, Token(attempt), Start.AddSeconds(second), Start.AddSeconds(second + 10))],
    });

    /// <summary>
    /// What a worker says, by the token of <paramref name="attempt"/>; 0: on the old surface, without one.
    /// </summary>
    public Story Settle(OperationKind kind, int attempt = 1, Outcome outcome = Outcome.Ok, string? result = null,
        long id = 1, string? blob = null) =>
        Add(new()
            { Kind = kind, Outcome = outcome, TaskId = id, Token = attempt == 0 ? null : Token(attempt),
                Result = result, Blob = blob });

    public Story Complete(int attempt = 1, string result = Result, Outcome outcome = Outcome.Ok, string? blob = null) =>
        Settle(OperationKind.Complete, attempt, outcome, result, blob: blob);

    public Story Steer(OperationKind kind, Outcome outcome = Outcome.Ok) =>
        Add(new() { Kind = kind, Outcome = outcome, TaskId = 1 });

    public Story Read(string state, string? result = null, int attempt = 1, int? leaseUntil = null) => Add(new()
    {
        Kind = OperationKind.Read, Outcome = Outcome.Ok, TaskId = 1,
        Sight = new(state, attempt, leaseUntil is { } second ? Start.AddSeconds(second) : null, result),
    });

    public Story Answered(int status)
    {
        _operations[^1] = _operations[^1] with { Status = status };
        return this;
    }

    public Story Stored(string state = States.Completed, string? result = Result, long id = 1, string payload = Payload,
        long? group = null, string? file = null, string? output = null)
    {
        _tasks.Add(new(id, "default", state, payload, state == States.Completed ? result : null, group, 0, file,
            output));
        return this;
    }

    /// <summary>The invariants that the checker finds violated.</summary>
    public IReadOnlyList<string> Violated() => [.. Check().Select(static violation => violation.Invariant).Distinct()];

    public IReadOnlyList<Violation> Check() => HistoryChecker.Check(_operations, Image);

    /// <summary>What the checker says to what a webhook was told of task 1.</summary>
    /// <param name="told">The ends of their names.</param>
    public IReadOnlyList<Violation> CheckTold(params string[] told) => CheckTold(0, 0, told);

    public IReadOnlyList<Violation> CheckTold(long pending, long dropped, params string[] told) =>
        [.. WebhookRules.Check(_operations, Image, new(
            told.Select(static state => ($"task.{state}", 1L)).ToHashSet(), pending, dropped))];

    private StoreImage Image => new(
        _tasks,
        QueueCounts
            ?? _tasks.CountBy(static task => (task.Queue, task.State)).ToDictionary(static pair => pair.Key,
                static pair => (long)pair.Value),
        GroupCounts
            ?? _tasks.Where(static task => task.Group is not null)
                .CountBy(static task => (task.Group!.Value, task.State)).ToDictionary(static pair => pair.Key,
                    static pair => (long)pair.Value),
        StatsTotal ?? _tasks.Count, Findings, CameToRest)
        { Blobs = Blobs };

    private static string Token(int attempt) => $"token-{attempt}";

    private Story Add(Operation operation)
    {
        var begin = ++_now;
        _operations.Add(operation with { Begin = begin,
            End = operation.Outcome == Outcome.Unknown ? Operation.Never : ++_now });
        return this;
    }
}
