using System.Security.Cryptography;
using System.Text;
using Weft.Torture.Histories;

namespace Weft.Torture.Liars;

/// <summary>What a worker sent as the answer to a task, or to a check of it, and what it was told.</summary>
/// <param name="Task">The task's payload, by which a check is known as one of it.</param>
/// <param name="Worker">Which of the harness's workers.</param>
/// <param name="Network">Where that worker really is, whatever the coordinator was told.</param>
/// <param name="Token">The lease's.</param>
/// <param name="Result">The JSON that was sent.</param>
/// <param name="Outcome">Whether it was taken.</param>
internal sealed record VerifiedAnswer(
    long Task, string Worker, int Network, string Token, string Result, Outcome Outcome)
{
    public string Hash => HashOf(Result);

    public static string HashOf(string json) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
}

/// <summary>A verified task when all is over.</summary>
/// <param name="Number">Its payload.</param>
/// <param name="Id">Its id.</param>
/// <param name="State">Its state.</param>
/// <param name="Result">Its result; null for none.</param>
/// <param name="Receipts">What <c>GET /tasks/{id}/answers</c> says.</param>
internal sealed record VerifiedTask(
    long Number, long Id, string State, string? Result, IReadOnlyList<VerifiedReceipt> Receipts)
{
    /// <summary>Whether workers' names decide about it.</summary>
    public bool IsAdaptive { get; init; }

    /// <summary>What was told afterwards: the hash of the right result; null where none is believed.</summary>
    public IReadOnlyList<string?> Corrections { get; init; } = [];

    /// <summary>What its payload comes to.</summary>
    public bool IsWrong => Result is not null && Result != $"{VerifiedStore.Truth(Number)}";
}

/// <summary>One line of a task's answers.</summary>
internal sealed record VerifiedReceipt(
    string Worker, string Network, string? Hash, string Verdict, string Role = "first");
