using System.Reflection;
using Weft.Contracts;

namespace Weft.Client.Tests;

public sealed class RetryRulesTests
{
    public static TheoryData<string> Codes() =>
        new(typeof(ProblemCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(static field => (string)field.GetRawConstantValue()!));

    [Theory]
    [MemberData(nameof(Codes))]
    public void EveryCode_HasItsRule(string code) =>
        Assert.True(RetryRules.Knows(code), $"Say in RetryRules whether a client tries again at {code}.");

    [Fact]
    public void ACodeOfANewerCoordinator_IsTriedAgain_WhereItSaysWhen()
    {
        Assert.Equal(RetryRule.Again, RetryRules.Of("invented", saysWhen: true));
        Assert.Equal(RetryRule.NotThis, RetryRules.Of("invented", saysWhen: false));
    }
}
