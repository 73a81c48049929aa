using Weft.Core.Verification;
using static Weft.Core.Tests.Verification.VoteText;

namespace Weft.Core.Tests.Verification;

/// <summary>
/// The rule as tables: votes, and what they come to. A cell is the answer that is believed, with the numbers of those
/// at fault; or who is asked for how many more; or the end.
/// </summary>
public class VerificationTableTests
{
    private const string AllOfTwo = """
    votes                    all
    nA                       anyone+1
    tA                       anyone+1
    bA                       anyone+2
    nA nA                    A
    bA nA                    anyone+1
    nA nB                    anyone+2
    nA nB nB                 anyone+1
    nA nB nB nB              B-1
    eA nB nB nB              B-1
    nA nB nC                 anyone+2
    nA nB nB nA              anyone+2
    nA bB nA                 A
    nA nB nA nB nA nA        A-24
    nA nB nA nB nA nB        anyone+2
    """;

    // With f = 0.2 and ε = 0.01: c = 25, and a lead of 3 decides a dispute. "few" is a pool without an elder left to
    // ask, "trusted" one with both.
    private const string Adaptive = """
    votes                    elders       few          trusted
    nA                       elder+1      anyone+2     elder+1
    bA                       elder+1      anyone+3     elder+1
    tA                       A            A            A
    nA eA                    A            A            A
    eA nA                    A            A            A
    nA nA                    elder+1      anyone+1     elder+1
    nA nA nA                 A            A            A
    nA tA                    A            A            A
    bA eA                    A            A            A
    bA nA                    elder+1      anyone+2     elder+1
    eA bA                    elder+1      anyone+1     elder+1
    bA bA                    elder+1      anyone+3     elder+1
    nA tB                    B-1          B-1          B-1
    eA eA eA tB              B-123        B-123        B-123
    tA tB                    trusted+1    trusted+1    trusted+1
    tA tB tB                 B            B            B
    nA eB                    elder+2      anyone+3     elder+1
    nA eB eB                 elder+1      anyone+2     B-1
    nA eB eB eB              B-1          B-1          B-1
    nA nB                    elder+3      anyone+3     elder+2
    nA nB nB nB nB           elder+3      B-1          elder+2
    nA nB nB nB nB eA        elder+2      anyone+1     elder+1
    nA nB nB eA eA eA        A-23         A-23         A-23
    eA eB                    elder+3      anyone+3     trusted+1
    eA eB eB                 elder+2      anyone+2     trusted+1
    eA eB eB eB              elder+1      anyone+1     trusted+1
    eA eB eB eB eB           B-1          B-1          trusted+1
    eA bB bB bB              elder+2      anyone+2     elder+1
    nA eB nC eB eB           B-13         B-13         B-13
    """;

    public static TheoryData<string, string, string> Cells()
    {
        var cells = new TheoryData<string, string, string>();
        foreach (var table in (string[])[AllOfTwo, Adaptive])
        {
            var rows = table.Split('\n');
            var pools = rows[0][25..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (var row in rows[1..])
            {
                var expected = row[25..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                for (var i = 0; i < pools.Length; i++) cells.Add(row[..25].Trim(), pools[i], expected[i]);
            }
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Votes_InAPool_ComeToTheCell(string votes, string pool, string cell)
    {
        var policy = VerificationPolicy.Default with
        {
            Mode = pool == "all" ? VerifyMode.All : VerifyMode.Adaptive, CopiesMax = 40, AssumeHostile = 0.2,
        };
        var verdict = VerificationRules.Decide(
            policy, Votes(votes), new(ElderAnswers, HasElder: pool != "few", HasTrusted: pool == "trusted"), coin: 0);
        Assert.Equal(cell, Cell(verdict));
    }

    [Theory]
    [InlineData("nA", 1, 0.999, "elder+1")]         // a newcomer is checked whatever the coin says
    [InlineData("eA", 1_000, 0.024, "elder+1")]     // c/n = 25/1000
    [InlineData("eA", 1_000, 0.026, "A")]
    [InlineData("eA", 100_000, 0.009, "elder+1")]   // never less than one in a hundred
    [InlineData("eA", 100_000, 0.011, "A")]
    [InlineData("kA", 1_000, 0.89, "elder+1")]      // 1 − ε·20/2
    [InlineData("kA", 1_000, 0.91, "A")]
    [InlineData("bA", 1_000, 0.999, "elder+1")]
    public void FirstAnswer_IsCheckedByTheCoin(string vote, long answers, double coin, string cell)
    {
        var first = Vote(vote, 0);
        first = first with { Standing = first.Standing with { Answers = answers } };
        var verdict = VerificationRules.Decide(
            VerificationPolicy.Default with { AssumeHostile = 0.2 }, [first],
            new(ElderAnswers, HasElder: true, HasTrusted: false), coin);
        Assert.Equal(cell, Cell(verdict));
    }

    [Theory]
    [InlineData(true, 0.94, CheckFrom.Elder)]
    [InlineData(true, 0.96, CheckFrom.Trusted)]
    [InlineData(false, 0.0, CheckFrom.Trusted)]
    public void Check_GoesToATrustedWorker_ForAShare(bool hasElder, double coin, CheckFrom from)
    {
        // A newcomer is checked for sure, so that the coin is all about who checks.
        var verdict = VerificationRules.Decide(
            VerificationPolicy.Default, Votes("nA"), new(ElderAnswers, hasElder, HasTrusted: true), coin);
        Assert.Equal(from, Assert.IsType<Verdict.Ask>(verdict).From);
    }

    [Fact]
    public void Ask_NamesWhoMayNotAnswer()
    {
        var votes = Votes("nA nB");
        votes[1] = votes[1] with { Network = votes[0].Network };
        var pool = new VerificationPool(0, HasElder: false, HasTrusted: false);
        var apart = Assert.IsType<Verdict.Ask>(VerificationRules.Decide(new(), votes, pool, 0));
        Assert.Equal((IdentityId[])[new(1), new(2)], apart.NotIdentities);
        Assert.Equal((NetworkKey[])[new(1)], apart.NotNetworks);
        var near = new VerificationPolicy { Apart = VerifyApart.Worker };
        Assert.Empty(Assert.IsType<Verdict.Ask>(VerificationRules.Decide(near, votes, pool, 0)).NotNetworks);
    }

    [Fact]
    public void AnswersThatGoOnDiffering_AreTheEnd_WithTheirHashes()
    {
        var policy = new VerificationPolicy { Mode = VerifyMode.All, CopiesMax = 5 };
        var ask = Assert.IsType<Verdict.Ask>(VerificationRules.Decide(policy, Votes("nA nB nC nB"), default, 0));
        Assert.Equal(1, ask.Count);
        var dead = Assert.IsType<Verdict.Dead>(VerificationRules.Decide(policy, Votes("nA nB nC nB nA"), default, 0));
        Assert.Equal(
            $"Answers differ: 2 {Answer('A').ShortText}, 2 {Answer('B').ShortText}, 1 {Answer('C').ShortText}.",
            dead.Error);
        Assert.StartsWith(Answer('A').ShortText[..8], Answer('A').ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ModuleThatIsNotRepeatable_CostsNobodyItsName()
    {
        var pool = new VerificationPool(ElderAnswers, HasElder: true, HasTrusted: false);
        Assert.Equal("module", Cell(VerificationRules.Decide(new(), Votes("eA eB"), pool, 0, isRepeatable: false)));
        Assert.Equal("A", Cell(VerificationRules.Decide(new(), Votes("eA eA"), pool, 0, isRepeatable: false)));
        // A lie of one that was barred says nothing of the module.
        Assert.Equal("elder+1", Cell(VerificationRules.Decide(new(), Votes("bB eA"), pool, 0, isRepeatable: false)));
        Assert.True(VerificationRules.IsDisputeOfElders(new(), Votes("eA eB"), pool));
        Assert.False(VerificationRules.IsDisputeOfElders(new(), Votes("eA kB"), pool));
        Assert.False(VerificationRules.IsDisputeOfElders(new(), Votes("eA nB eA"), pool));
    }

    [Fact]
    public void ModuleChecks_TurnAtMoreThanThreeDisputes_AndFiveInAHundred()
    {
        var checks = Enumerable.Repeat(true, 3).Aggregate(default(ModuleChecks), static (all, it) => all.With(it));
        Assert.False(checks.HasManyDisputes);
        Assert.True(checks.With(true).HasManyDisputes);
        var rare = Enumerable.Range(0, 1_000)
            .Aggregate(default(ModuleChecks), static (all, i) => all.With(i % 20 == 10));
        Assert.Equal((100, false), (rare.Count, rare.HasManyDisputes));
        Assert.True(rare.With(true).HasManyDisputes);
    }

    // Fifty workers, of which a fifth may be hostile: ten may lose disputes for their lies. Newcomers prove nothing.
    [Theory]
    [InlineData(10, 0, true)]
    [InlineData(11, 0, false)]
    [InlineData(0, 30, true)]
    [InlineData(4, 30, true)]
    // Nor do they make room for more of those who are known.
    [InlineData(5, 30, false)]
    public void Module_IsNotRepeatable_WhereMoreLoseThanMayBeHostile(int known, int newcomers, bool isRepeatable)
    {
        var policy = VerificationPolicy.Default with { AssumeHostile = 0.2 };
        var disputes = Enumerable.Repeat(true, 20).Aggregate(default(ModuleChecks), static (all, it) => all.With(it));
        var workers = new QueueWorkers(Enumerable.Range(1, 50).Select(i => new SeenWorker(
            new(i), new((ulong)i), Answers: 50, IsTrusted: false,
            Given: i > known && i <= known + newcomers ? 1 : 100, Faults: i <= known + newcomers ? 1 : 0)));
        Assert.Equal(isRepeatable, VerificationRules.IsRepeatable(policy, disputes, workers));
        // A few disputes say nothing, whoever lost them.
        Assert.True(VerificationRules.IsRepeatable(policy, default, workers));
    }
}
