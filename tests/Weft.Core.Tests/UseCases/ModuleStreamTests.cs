using Weft.Core.UseCases;

namespace Weft.Core.Tests.UseCases;

public sealed class ModuleStreamTests
{
    // A client that goes away leaves a read of the next chunk behind, which still writes into memory.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dispose_WaitsForTheChunkThatIsReadAhead(bool fails)
    {
        var next = new TaskCompletionSource<int?>();
        var stream = new ModuleStream(
            (index, _) => index == 0 ? Task.FromResult<int?>(Limits.ModuleChunkBytes) : next.Task,
            length: 2 * Limits.ModuleChunkBytes);
        await stream.ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);
        var disposing = stream.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        if (fails) next.SetException(new IOException());
        else next.SetResult(Limits.ModuleChunkBytes);
        await disposing;
    }
}
