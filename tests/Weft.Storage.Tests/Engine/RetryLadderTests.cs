using Weft.Storage.Engine;

namespace Weft.Storage.Tests.Engine;

public sealed class RetryLadderTests
{
    /// <summary>
    /// The whole table: what failed; with another connection worth a try, of several operations, of one.
    /// </summary>
    [Theory]
    [InlineData((int)FailureKind.Operation, (int)BatchRetry.OneByOne, (int)BatchRetry.OneByOne, (int)BatchRetry.Fail)]
    [InlineData((int)FailureKind.Conflict, (int)BatchRetry.Again, (int)BatchRetry.Again, (int)BatchRetry.Again)]
    [InlineData((int)FailureKind.ConnectionLost, (int)BatchRetry.Again, (int)BatchRetry.Fail, (int)BatchRetry.Fail)]
    [InlineData((int)FailureKind.OutcomeUnknown, (int)BatchRetry.Fail, (int)BatchRetry.Fail, (int)BatchRetry.Fail)]
    [InlineData((int)FailureKind.Store, (int)BatchRetry.Fail, (int)BatchRetry.Fail, (int)BatchRetry.Fail)]
    public void Next_IsWhatTheTableSays(int kind, int reconnecting, int many, int one)
    {
        Assert.Equal((BatchRetry)reconnecting,
            RetryLadder.Next((FailureKind)kind, operations: 2, tries: 1, mayReconnect: true));
        Assert.Equal((BatchRetry)many,
            RetryLadder.Next((FailureKind)kind, operations: 2, tries: 1, mayReconnect: false));
        Assert.Equal((BatchRetry)one,
            RetryLadder.Next((FailureKind)kind, operations: 1, tries: 1, mayReconnect: false));
    }

    [Fact]
    public void Next_OfAConflictThatDoesNotEnd_IsOneByOne_ThenFails()
    {
        Assert.Equal(BatchRetry.OneByOne,
            RetryLadder.Next(FailureKind.Conflict, operations: 2, RetryLadder.TriesMax, mayReconnect: true));
        Assert.Equal(BatchRetry.Fail,
            RetryLadder.Next(FailureKind.Conflict, operations: 1, RetryLadder.TriesMax, mayReconnect: true));
    }
}
