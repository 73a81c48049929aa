using CsCheck;
using Weft.Core.Tasks;

namespace Weft.Core.Tests.Tasks;

public class RetryPolicyTests
{
    private static readonly Gen<RetryPolicy> AnyPolicy = Gen.Select(Gen.Int[0, 60_000], Gen.Int[0, 3_600_000])
        .Select(static (first,
            max) => new RetryPolicy(TimeSpan.FromMilliseconds(first), TimeSpan.FromMilliseconds(max)));

    private static readonly Gen<int> AnyFailures = Gen.Int[1, Limits.MaxAttemptsMax];

    [Fact]
    public void Delay_StaysBelowTheCeilingThatDoubles() =>
        Gen.Select(AnyPolicy, AnyFailures, Gen.Double.Unit).Sample(static (policy, failures, jitter) =>
        {
            var ceiling = Math.Min(policy.DelayMax.TotalMilliseconds,
                policy.BaseDelay.TotalMilliseconds * Math.Pow(2, failures - 1));
            Assert.InRange(policy.Delay(failures, jitter).TotalMilliseconds, 0, ceiling);
        });

    [Fact]
    public void Delay_IsInWholeMilliseconds() =>
        Gen.Select(AnyPolicy, AnyFailures, Gen.Double.Unit).Sample(static (policy, failures, jitter) =>
            Assert.Equal(0, policy.Delay(failures, jitter).Ticks % TimeSpan.TicksPerMillisecond));

    [Fact]
    public void Delay_GrowsWithTheFailuresAtTheSameJitter() =>
        Gen.Select(AnyPolicy, AnyFailures, Gen.Double.Unit).Sample(static (policy, failures, jitter) =>
            Assert.True(policy.Delay(failures, jitter) <= policy.Delay(failures + 1, jitter)));

    [Theory]
    [InlineData(1, 0.5, 500)]
    [InlineData(4, 0.5, 4_000)]
    [InlineData(100, 0.5, 150_000)]
    [InlineData(100, 0, 0)]
    public void Delay_OfTheDefault_RunsFromOneSecondToFiveMinutes(int failures, double jitter, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), RetryPolicy.Default.Delay(failures, jitter));
}
