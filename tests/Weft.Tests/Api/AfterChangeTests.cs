using Weft.Core.Storage;
using Weft.Http;

namespace Weft.Tests.Api;

public sealed class AfterChangeTests
{
    [Theory]
    [InlineData(StoreTrouble.Unavailable)]
    [InlineData(StoreTrouble.Overloaded)]
    public async Task TroubleAfterAChange_LeavesItsOutcomeUnknown_SinceTheChangeIsStored(StoreTrouble trouble)
    {
        var refused = await Assert.ThrowsAsync<StoreException>(() => AfterChange.GoOnAsync(Task.FromException<int>(new StoreException(trouble, "gone"))));
        Assert.Equal(StoreTrouble.Unknown, refused.Trouble);
    }

    [Fact]
    public async Task WhatCanBeRead_IsAnswered() => Assert.Equal(7, await AfterChange.GoOnAsync(Task.FromResult(7)));
}
