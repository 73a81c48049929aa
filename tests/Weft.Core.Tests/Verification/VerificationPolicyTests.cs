using Weft.Core.Verification;

namespace Weft.Core.Tests.Verification;

public class VerificationPolicyTests
{
    public static TheoryData<VerificationPolicy> Faulty() =>
    [
        new VerificationPolicy { MaxWrong = 0 },
        new VerificationPolicy { MaxWrong = 0.2 },
        new VerificationPolicy { MaxWrong = double.NaN },
        new VerificationPolicy { MaxWrong = 1e-7 },
        new VerificationPolicy { AssumeHostile = 0 },
        new VerificationPolicy { AssumeHostile = 0.5 },
        new VerificationPolicy { AssumeHostile = double.NaN },
        new VerificationPolicy { Copies = 1 },
        new VerificationPolicy { Copies = 8 },
        new VerificationPolicy { CopiesMax = 2 },
        new VerificationPolicy { CopiesMax = 41 },
        new VerificationPolicy { Copies = 7, CopiesMax = 6 },
        new VerificationPolicy { Compare = new AnswerComparison.Numbers(-1, 0) },
        new VerificationPolicy { Compare = new AnswerComparison.Numbers(double.PositiveInfinity, 0) },
        new VerificationPolicy { Compare = new AnswerComparison.Numbers(double.NaN, 0) },
        new VerificationPolicy { Compare = new AnswerComparison.Numbers(0, 1) },
        new VerificationPolicy { Compare = new AnswerComparison.Numbers(0, double.NaN) },
    ];

    [Theory]
    [MemberData(nameof(Faulty))]
    public void WhatIsOutOfBounds_IsSaidInASentence(VerificationPolicy policy)
    {
        Assert.EndsWith(".", policy.Fault);
        Assert.Throws<FormatException>(() => VerificationPolicyText.Read(Text(policy)));
    }

    public static TheoryData<VerificationPolicy> Sound() =>
    [
        new VerificationPolicy(),
        new VerificationPolicy { Mode = VerifyMode.All, Copies = 7, CopiesMax = 40, Apart = VerifyApart.Worker },
        new VerificationPolicy { MaxWrong = 1e-6, Compare = AnswerComparison.Json },
        new VerificationPolicy { AssumeHostile = 0.4 },
        new VerificationPolicy { MaxWrong = 0.1, Compare = new AnswerComparison.Numbers(0, 1e-9) },
    ];

    [Theory]
    [MemberData(nameof(Sound))]
    public void Policy_IsReadBackAsItWasWritten(VerificationPolicy policy)
    {
        Assert.Null(policy.Fault);
        Assert.Equal(policy, VerificationPolicyText.Read(VerificationPolicyText.Write(policy)));
    }

    [Fact]
    public void DefaultPolicy_HasEveryMember() =>
        Assert.Equal(
            """
            {"maxWrong":0.01,"assumeHostile":0.1,"mode":"adaptive","copies":2,"compare":"bytes","copiesMax":12,
            "apart":"network"}
            """.ReplaceLineEndings("").Trim(), VerificationPolicyText.Write(VerificationPolicy.Default));

    [Fact]
    public void PolicyThatWasStoredBeforeTheShareCouldBeSaid_AssumesATenth() =>
        Assert.Equal(VerificationPolicy.Default, VerificationPolicyText.Read(
            """
            {"maxWrong":0.01,"mode":"adaptive","copies":2,"compare":"bytes","copiesMax":12,"apart":"network"}
            """));

    // What isn't finite can't be written as JSON at all; a store that is damaged might say anything.
    private static string Text(VerificationPolicy policy)
    {
        try
        {
            return VerificationPolicyText.Write(policy);
        }
        catch (ArgumentException)
        {
            return """{"copies":99}""";
        }
    }
}
