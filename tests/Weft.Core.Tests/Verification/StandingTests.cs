using Weft.Core.Verification;
using static Weft.Core.Tests.Verification.VoteText;

namespace Weft.Core.Tests.Verification;

public class StandingTests
{
    private static readonly VerificationPolicy Policy = new() { MaxWrong = 0.01, AssumeHostile = 0.2 };

    [Fact]
    public void OneFault_HalvesAName_AndDoesNotBar()
    {
        var standing = new Standing(Answers: 101, Checks: 1, Faults: 0, IsBarred: false).Faulted();
        Assert.Equal(new Standing(50, 1, 1, IsBarred: false), standing);
        Assert.True(standing.Faulted().Faulted().IsBarred);
    }

    [Fact]
    public void FaultsAmongManyChecks_DoNotBar()
    {
        var standing = new Standing(Answers: 1_000, Checks: 15, Faults: 2, IsBarred: false);
        Assert.False(standing.Faulted().IsBarred);
        Assert.True((standing with { Checks = 14 }).Faulted().IsBarred);
    }

    [Theory]
    [InlineData(1_000, 0, 0, 0.025)]
    [InlineData(1_001, 1, 1, 0.025)]
    [InlineData(1_000, 2, 2, 1)]
    [InlineData(1_100, 100, 1, 0.025)]
    [InlineData(1_100, 100, 2, 1)]
    [InlineData(26, 1, 0, 1)]
    [InlineData(25_010, 10, 19, 0.01)]
    [InlineData(25_020, 20, 20, 1)]
    public void AnswersThatWaitForChecks_SayNothingForTheNext(long answers, long open, long drawn, double share)
    {
        var standing = new Standing(answers, Checks: 100, Faults: 0, IsBarred: false, open, Drawn: drawn);
        Assert.Equal(share, VerificationRules.CheckShare(Policy, standing), tolerance: 1e-4);
    }

    [Fact]
    public void WhileANameIsAudited_AllAnswersAreChecked() =>
        Assert.Equal(1, VerificationRules.CheckShare(
            Policy, new(Answers: 1_000, Checks: 100, Faults: 1, IsBarred: false, IsAudited: true)));

    // A newcomer has one task, and no more before its answer is checked; then two, then four. A lie that is found
    // leaves it where it began.
    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(0, 0, 1, 0)]
    [InlineData(1, 1, 0, 0)]
    [InlineData(1, 0, 0, 2)]
    [InlineData(3, 2, 0, 0)]
    [InlineData(3, 1, 1, 1)]
    [InlineData(1_000, 2, 16, 981)]
    public void Worker_IsAheadOfItsChecks_ByOneMoreThanWereFoundRight(long answers, long open, long taken, long allowed)
    {
        var standing = new Standing(answers, Checks: 0, Faults: 0, IsBarred: false, open);
        Assert.Equal(allowed, VerificationRules.TasksAllowed(standing, taken));
        Assert.Equal(0, VerificationRules.TasksAllowed(standing.Barred(), taken));
    }

    // What nobody comes to check keeps nobody from other tasks; for the coin it is as open as ever.
    [Fact]
    public void AnswersThatNobodyComesToCheck_DoNotHoldTheirWorker()
    {
        var standing = new Standing(Answers: 3, Checks: 0, Faults: 0, IsBarred: false, Open: 3);
        Assert.Equal(0, VerificationRules.TasksAllowed(standing, taken: 0, unlooked: 2));
        Assert.Equal(1, VerificationRules.TasksAllowed(standing, taken: 0, unlooked: 3));
        Assert.Equal(0, VerificationRules.TasksAllowed(standing, taken: 1, unlooked: 3));
        Assert.Equal(1, VerificationRules.CheckShare(Policy, standing));
    }

    [Fact]
    public void AnswersThatWaitForChecks_MakeNoElder()
    {
        var pool = new VerificationPool(MedianAnswers: 20, HasElder: false, HasTrusted: false);
        bool IsElder(long open) =>
            VerificationRules.IsElder(Policy, new(22, 20, 0, IsBarred: false, open), pool);
        Assert.True(IsElder(open: 2));
        Assert.False(IsElder(open: 3));
    }

    [Fact]
    public void Checks_AreOfThoseWhoHadAnswered()
    {
        var votes = Votes("nA tA nA");
        Assert.Equal(new(1), Assert.Single(VerificationRules.CheckedBy(votes)));
        votes[2] = votes[2] with { Role = AnswerRole.Judge };
        Assert.Empty(VerificationRules.CheckedBy(votes));
        Assert.Empty(VerificationRules.CheckedBy(Votes("nA")));
    }

    [Fact]
    public void Audit_IsOfResultsThatFewStandBehind()
    {
        var pool = new VerificationPool(ElderAnswers, HasElder: true, HasTrusted: false);
        Verdict.Ask? Audit(string votes) => VerificationRules.Audit(new(), Votes(votes), new(1), pool, coin: 0);
        Assert.Equal((CheckFrom.Elder, AnswerRole.Audit), (Audit("eA")!.From, Audit("eA")!.Role));
        Assert.NotNull(Audit("eA eA"));
        Assert.NotNull(Audit("eA eA bA"));
        Assert.Null(Audit("eA eA nA"));
        Assert.Null(Audit("eA tA"));
    }

    [Theory]
    [InlineData(0.1, 0.01, 11.1, 2, 37)]
    [InlineData(0.2, 0.01, 25.0, 3, 37)]
    [InlineData(0.2, 0.001, 250.0, 4, 368)]
    public void Numbers_AreThoseOfTheFormulas(double hostile, double maxWrong, double free, int lead, int audits)
    {
        var policy = new VerificationPolicy { MaxWrong = maxWrong, AssumeHostile = hostile };
        Assert.Equal(free, VerificationRules.FreeAnswers(policy), 0.05);
        Assert.Equal(lead, VerificationRules.DisputeLead(policy));
        Assert.Equal(audits, VerificationRules.AuditsAfterFault(policy));
        Assert.Equal(free, VerificationRules.ElderAnswers(policy, medianAnswers: 1_000_000), 0.05);
        Assert.Equal(Math.Min(free, 3), VerificationRules.ElderAnswers(policy, medianAnswers: 0));
    }

    [Fact]
    public void Risk_IsWhatWasAskedFor_OrLess()
    {
        var pool = new VerificationPool(ElderAnswers, HasElder: true, HasTrusted: false);
        double Risk(string votes, VerifyMode mode = VerifyMode.Adaptive) =>
            Assert.IsType<Verdict.Believe>(
                VerificationRules.Decide(
                    new() { Mode = mode, Copies = 3, AssumeHostile = 0.2 }, Votes(votes), pool, coin: 0.999)).Risk;
        Assert.Equal(0.01, Risk("eA"));
        Assert.Equal(0, Risk("nA tA"));
        Assert.Equal(1 / 65.0, Risk("nA nA nA", VerifyMode.All), 1e-12);
        Assert.InRange(Risk("nB eA eA eA eA"), 0, 0.004);
    }
}
