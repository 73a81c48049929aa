using System.Text.Json;

namespace Weft.Contracts;

/// <summary>When the result of a task is believed. Members that are null take the coordinator's defaults.</summary>
/// <param name="MaxWrong">Of the results told, at most this share is wrong, in expectation; 0.000001 to 0.1.</param>
/// <param name="Mode"><c>adaptive</c>, or <c>all</c>: every answer needs others that agree.</param>
/// <param name="Copies">For <c>all</c>: by how many answers a result must lead, 2 to 7.</param>
/// <param name="Compare"><c>"bytes"</c>, <c>"json"</c> or <c>{"numbers": {"abs": 0, "rel": 1e-9}}</c>.</param>
/// <param name="CopiesMax">So many answers without a decision, and the task is dead; 3 to 40.</param>
/// <param name="Apart"><c>network</c>: no two answers from one network; <c>worker</c>: only not from one
/// worker.</param>
/// <param name="AssumeHostile">While at most this share of the workers lies, 0.001 to 0.4.</param>
public sealed record Verify(
    double? MaxWrong = null, string? Mode = null, int? Copies = null, JsonElement? Compare = null,
    int? CopiesMax = null, string? Apart = null, double? AssumeHostile = null);

/// <param name="WorkerKey">Proves who a worker is: <c>workerKey</c> of its claims.</param>
/// <param name="Worker">What the worker is called in answers and receipts; null: the coordinator is older.</param>
public sealed record WorkerRegistered(string WorkerKey, string? Worker = null)
{
    /// <summary>Without the key: a record would write it into every log that it gets into.</summary>
    public override string ToString() => "worker key";
}

/// <summary>One answer to a task.</summary>
/// <param name="Worker">Who gave it, by a name that stays the same and tells nothing.</param>
/// <param name="Network">From where, by such a name.</param>
/// <param name="Sha256">Of the result as it was posted; null while the task is undecided.</param>
/// <param name="At">UTC.</param>
/// <param name="Role"><c>first</c>, <c>check</c>, <c>judge</c> or <c>audit</c>.</param>
/// <param name="Verdict"><c>open</c>, <c>agreed</c> or <c>differed</c>.</param>
/// <param name="Trusted">True: the operator vouched for the worker; else null.</param>
public sealed record AnswerInfo(
    string Worker, string Network, string? Sha256, DateTimeOffset At, string Role, string Verdict,
    bool? Trusted = null);

/// <param name="Verify">What was asked for; null: the task isn't verified.</param>
/// <param name="Answers">The first first.</param>
/// <param name="Corrections">What was found wrong of what was told; null: nothing.</param>
public sealed record AnswerList(
    Verify? Verify, IReadOnlyList<AnswerInfo> Answers, IReadOnlyList<Correction>? Corrections = null);

/// <param name="Corrections">In the order in which they were found.</param>
/// <param name="Next">What <c>after</c> of the next look is; null: there was none.</param>
public sealed record CorrectionList(IReadOnlyList<Correction> Corrections, string? Next);

/// <summary>A result that was told, and was found wrong. The task stays as it is.</summary>
/// <param name="Cursor">Where to go on: <c>after</c> of the next look.</param>
/// <param name="Id">The task.</param>
/// <param name="ToldSha256">Of what was told.</param>
/// <param name="Result">What is believed now; absent: nothing is.</param>
/// <param name="Error">Why nothing is; else null.</param>
/// <param name="At">When it was found; UTC.</param>
public sealed record Correction(
    string Cursor, long Id, string ToldSha256, JsonElement? Result, string? Error, DateTimeOffset At);
