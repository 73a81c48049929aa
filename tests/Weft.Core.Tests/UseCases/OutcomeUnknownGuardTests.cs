using Weft.Core.Storage;
using Weft.Core.UseCases;

namespace Weft.Core.Tests.UseCases;

public sealed class OutcomeUnknownGuardTests
{
    [Theory]
    [InlineData(StoreErrorKind.Unavailable)]
    [InlineData(StoreErrorKind.Overloaded)]
    public async Task TroubleAfterAChange_LeavesItsOutcomeUnknown_SinceTheChangeIsStored(StoreErrorKind trouble)
    {
        var refused =
            await Assert.ThrowsAsync<StoreException>(() =>
                OutcomeUnknownGuard.RunAsync(Task.FromException<int>(new StoreException(trouble, "gone"))));
        Assert.Equal(StoreErrorKind.Unknown, refused.Kind);
    }

    [Fact]
    public async Task WhatCanBeRead_IsAnswered() =>
        Assert.Equal(7, await OutcomeUnknownGuard.RunAsync(Task.FromResult(7)));
}
