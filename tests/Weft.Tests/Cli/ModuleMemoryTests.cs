using Weft.Cli.Modules.Engine;

namespace Weft.Tests.Cli;

public sealed class ModuleMemoryTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task Modules_RunTogether_AsLongAsTheirLimitsFit_AndInTheirOrder()
    {
        var memory = new ModuleMemory(100);
        await memory.TakeAsync(60, Never);
        await memory.TakeAsync(40, Never);
        var large = memory.TakeAsync(50, Never);
        var small = memory.TakeAsync(1, Never);

        memory.GiveBack(40);
        Assert.False(large.IsCompleted);
        Assert.False(small.IsCompleted);
        memory.GiveBack(60);
        await large;
        await small;
    }

    [Fact]
    public async Task AModuleThatNeedsMore_RunsAlone()
    {
        var memory = new ModuleMemory(100);
        await memory.TakeAsync(10, Never);
        var huge = memory.TakeAsync(500, Never);
        Assert.False(huge.IsCompleted);
        memory.GiveBack(10);
        await huge;
        var next = memory.TakeAsync(1, Never);
        Assert.False(next.IsCompleted);
        memory.GiveBack(500);
        await next;
    }

    [Fact]
    public async Task WhoStopsWaiting_TakesNothing()
    {
        var memory = new ModuleMemory(100);
        using var stop = new CancellationTokenSource();
        await memory.TakeAsync(100, Never);
        var stopped = memory.TakeAsync(100, stop.Token);
        var next = memory.TakeAsync(100, Never);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
        memory.GiveBack(100);
        await next;
    }
}
