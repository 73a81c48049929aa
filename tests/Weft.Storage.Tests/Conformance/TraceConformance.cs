using Weft.Core.Tasks;
using Weft.Core.Tracing;

namespace Weft.Storage.Tests.Conformance;

/// <summary>The trace that a task was submitted in goes with it.</summary>
public abstract class TraceConformance(IStoreHost host) : TaskStoreConformance(host)
{
    private static readonly TaskTrace Trace =
        new("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "a=1,b=2", IsLink: true);

    [Fact]
    public async Task ATrace_IsHandedOut_WithEachAttempt()
    {
        var (traced, plain) = (await SubmitAsync(Plain with { Trace = Trace }), await SubmitAsync());
        await ReopenAsync();
        Assert.Equal((Trace, null), ((await RecordAsync(traced)).Trace, (await RecordAsync(plain)).Trace));
        var first = await ClaimOneAsync();
        Assert.Equal((traced, Trace), (first.Task.Id, first.Task.Trace));
        await AcceptAsync(traced, new TaskCommand.Release(first.Task.Lease!.Token, TimeSpan.Zero));
        Assert.Equal(Trace, (await ClaimOneAsync()).Task.Trace);
        var second = await ClaimOneAsync();
        Assert.Equal((plain, null), (second.Task.Id, second.Task.Trace));
    }

    [Fact]
    public async Task TasksOfOneTransaction_HaveTheirOwnTraces()
    {
        var other = Trace with { State = null, IsLink = false };
        var ids = await SubmitAllAsync(Plain with { Trace = Trace }, Plain, Plain with { Trace = other });
        var traces = new List<TaskTrace?>();
        foreach (var id in ids) traces.Add((await RecordAsync(id)).Trace);
        Assert.Equal([Trace, null, other], traces);
    }
}
