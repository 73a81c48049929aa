using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Weft.Core.Storage;
using Weft.Http.Pipeline;

namespace Weft.Tests;

public sealed class OffTheStoreThreadTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_ThatBeginsOnTheStoresThread_IsHandledElsewhere(bool isStoreThread)
    {
        var handledBy = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var services = new ServiceCollection().BuildServiceProvider();
        var app = new ApplicationBuilder(services);
        app.UseWeftOffTheStoreThread();
        app.Run(_ =>
        {
            handledBy.SetResult(Thread.CurrentThread);
            return Task.CompletedTask;
        });
        var pipeline = app.Build();
        var begunBy = new Thread(() =>
        {
            if (isStoreThread) StoreThread.Enter();
            _ = pipeline(new DefaultHttpContext());
        });
        begunBy.Start();

        Assert.Equal(isStoreThread, await handledBy.Task != begunBy);
    }
}
