using Weft.Torture.Liars;
using Weft.Torture.Liars.Table;

namespace Weft.Torture.Tests;

/// <summary>What holds of verified tasks whose workers' names decide: each rule notices what breaks it.</summary>
public sealed class VerifiedRulesTests
{
    private static readonly string Right = VerifiedAnswer.HashOf("9");
    private static readonly string Wrong = VerifiedAnswer.HashOf("10");

    private static VerifiedTask Told(string result, params VerifiedReceipt[] receipts) =>
        new(Number: 3, Id: 1, "completed", result, receipts) { IsAdaptive = true };

    private static VerifiedReceipt By(int worker, string hash, string verdict, string role = "first") =>
        new($"w-{worker}", $"n-{worker}", hash, verdict, role);

    private static string[] Broken(VerifiedTask task) =>
    [
        .. VerifiedRules.Check([task], [.. task.Receipts.Select(static receipt => new VerifiedAnswer(
            3, receipt.Worker, int.Parse(receipt.Network[2..]), receipt.Worker, receipt.Hash == Right ? "9" : "10",
            Histories.Outcome.Ok))], copies: 2, isApart: true).Select(static violation => violation.Invariant),
    ];

    [Fact]
    public void AnAnswerAlone_OrWithAnotherThatIsEqual_MayBeTold()
    {
        Assert.Empty(Broken(Told("9", By(1, Right, "agreed"))));
        Assert.Empty(Broken(Told("9", By(1, Right, "agreed"), By(2, Right, "agreed", "check"))));
    }

    [Fact]
    public void OneOfTwoThatDiffer_MayNotBeTold() =>
        Assert.Contains("V1", Broken(Told("9", By(1, Right, "agreed"), By(2, Wrong, "differed", "check"))));

    [Fact]
    public void WhatAnAuditChanged_IsACorrection()
    {
        var told = Told("10", By(1, Wrong, "differed"), By(2, Right, "agreed", "audit"),
            By(3, Right, "agreed", "judge"));
        Assert.Contains("V1", Broken(told));
        Assert.Empty(Broken(told with { Corrections = [Right] }));
    }

    [Theory]
    [InlineData(24, true)]
    [InlineData(40, false)]
    public void MoreIsToldWrongThanChanceAllows_OrIsNot(int wrong, bool isKept)
    {
        var tasks = Enumerable.Range(0, 120).Select(i => Told(i < wrong ? "10" : "9", By(1, Right, "agreed")));
        Assert.Equal(isKept, !VerifiedRules.Promise([.. tasks], maxWrong: 0.1).Any());
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 1, 0.632)]
    [InlineData(3, 1, 0.0803)]
    [InlineData(500, 500, 0.506)]
    public void PoissonTail_IsThatOfTheBooks(int count, double mean, double chance) =>
        Assert.Equal(chance, TableRow.PoissonTail(count, mean), tolerance: 1e-3);
}
