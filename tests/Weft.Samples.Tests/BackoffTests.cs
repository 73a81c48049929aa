using Weft.Samples.MatrixMultiplication;

namespace Weft.Samples.Tests;

public class BackoffTests
{
    [Fact]
    public void Next_ManyFailures_NeverPassesHalfAMinute()
    {
        var backoff = new Backoff(new Random(1));
        for (var failure = 0; failure < 100; failure++)
            Assert.InRange(backoff.Next(asked: null), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(30));
        Assert.True(backoff.Next(asked: null) >= TimeSpan.FromSeconds(15));
    }

    [Fact]
    public void Next_AfterAReset_IsShortAgain()
    {
        var backoff = new Backoff(new Random(1));
        for (var failure = 0; failure < 10; failure++) backoff.Next(asked: null);
        backoff.Reset();
        Assert.InRange(backoff.Next(asked: null), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1));
    }
}
