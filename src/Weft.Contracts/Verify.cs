using System.Text.Json;

namespace Weft.Contracts;

/// <summary>How to verify the result of a task. Null members take the coordinator's defaults.</summary>
/// <param name="MaxWrong">The expected share of wrong results, at most; 0.000001 to 0.1.</param>
/// <param name="Mode"><c>adaptive</c>, or <c>all</c>: every answer needs others that agree.</param>
/// <param name="Copies">For <c>all</c>: by how many answers a result must lead, 2 to 7.</param>
/// <param name="Compare"><c>"bytes"</c>, <c>"json"</c> or <c>{"numbers": {"abs": 0, "rel": 1e-9}}</c>.</param>
/// <param name="CopiesMax">After this many answers without a decision, the task becomes dead; 3 to 40.</param>
/// <param name="Apart"><c>network</c>: no two answers from one network; <c>worker</c>: no two answers from one
/// worker.</param>
/// <param name="AssumeHostile">The assumed share of dishonest workers, at most; 0.001 to 0.4.</param>
public sealed record Verify(
    double? MaxWrong = null, string? Mode = null, int? Copies = null, JsonElement? Compare = null,
    int? CopiesMax = null, string? Apart = null, double? AssumeHostile = null);

/// <param name="WorkerKey">Identifies a worker: the <c>workerKey</c> of its claims.</param>
/// <param name="Worker">The worker's name in answers and receipts; null: the coordinator is older.</param>
public sealed record WorkerRegistered(string WorkerKey, string? Worker = null)
{
    /// <summary>Without the key: a record's own text would leak it into logs.</summary>
    public override string ToString() => "worker key";
}

/// <summary>One answer to a task.</summary>
/// <param name="Worker">Who gave it, by a stable pseudonym.</param>
/// <param name="Network">The network it came from, by a pseudonym too.</param>
/// <param name="Sha256">The hash of the result as it was posted; null while the task is undecided.</param>
/// <param name="At">UTC.</param>
/// <param name="Role"><c>first</c>, <c>check</c>, <c>judge</c> or <c>audit</c>.</param>
/// <param name="Verdict"><c>open</c>, <c>agreed</c> or <c>differed</c>.</param>
/// <param name="Trusted">True: the operator vouches for the worker; otherwise null.</param>
public sealed record AnswerInfo(
    string Worker, string Network, string? Sha256, DateTimeOffset At, string Role, string Verdict,
    bool? Trusted = null);

/// <param name="Verify">The task's settings; null: it isn't verified.</param>
/// <param name="Answers">First to last.</param>
/// <param name="Corrections">Reported results that were found wrong; null for none.</param>
public sealed record AnswerList(
    Verify? Verify, IReadOnlyList<AnswerInfo> Answers, IReadOnlyList<Correction>? Corrections = null);

/// <param name="Corrections">In the order in which they were found.</param>
/// <param name="Next">The <c>after</c> for the next request; null: there were no corrections.</param>
public sealed record CorrectionList(IReadOnlyList<Correction> Corrections, string? Next);

/// <summary>A reported result that was found wrong. The task itself stays as it is.</summary>
/// <param name="Cursor">Where to continue: the <c>after</c> for the next request.</param>
/// <param name="Id">The task.</param>
/// <param name="ToldSha256">The hash of the reported result.</param>
/// <param name="Result">The result now accepted; absent if there is none.</param>
/// <param name="Error">Why there is no accepted result; otherwise null.</param>
/// <param name="At">When it was found, UTC.</param>
public sealed record Correction(
    string Cursor, long Id, string ToldSha256, JsonElement? Result, string? Error, DateTimeOffset At);
