using Weft.Contracts;
using Weft.Testing;

namespace Weft.Client.Tests;

public sealed class ModuleTests(TestCoordinator coordinator) : IClassFixture<TestCoordinator>
{
    private static readonly byte[] Module = [.. WasmCommand.Bytes, 0, 2, 1, (byte)'c'];

    private readonly string _queue = TestCoordinator.NewQueue();

    [Fact]
    public async Task Push_WhoseAnswersAreLost_IsOneModule_ThatTasksCanName()
    {
        var stop = TestContext.Current.CancellationToken;
        var pushed = await coordinator.ClientBehind(new Troublemaker().LoseAnswers(1))
            .PushModuleAsync(Module, "mine & yours", cancellationToken: stop);
        Assert.Equal(("mine & yours", "wasm", Module.Length), (pushed.Name, pushed.Kind, pushed.Size));
        Assert.Equal(pushed.Sha256, Assert.Single(await coordinator.Client.ListModulesAsync(stop)).Sha256);

        var run = new ModuleRun(["a"], new Dictionary<string, string> { ["K"] = "v" }, TimeoutSeconds: 5, MemoryMb: 64,
            Fixed: true);
        var id = await coordinator.Client.SubmitAsync(1, TestJson.Default.Int32,
            new() { Queue = _queue, Module = pushed.Sha256, Run = run }, cancellationToken: stop);
        var task = await coordinator.Client.GetAsync(id, stop);
        Assert.Equal((pushed.Sha256, 5.0, 64, true),
            (task.Module, task.Run!.TimeoutSeconds, task.Run.MemoryMb, task.Run.Fixed));
        Assert.Equal(run.Args, task.Run.Args);
        Assert.Equal(run.Env, task.Run.Env);

        await coordinator.Client.SetQueueModuleAsync(_queue, new(pushed.Sha256), stop);
        Assert.Equal(pushed.Sha256,
            (await coordinator.Client.GetAsync(await coordinator.Client.SubmitAsync(2, TestJson.Default.Int32,
            new() { Queue = _queue }, cancellationToken: stop), stop)).Module);
        Assert.Equal(pushed.Sha256,
            Assert.Single(await coordinator.Client.ListQueuesAsync(stop), queue => queue.Name == _queue).Module);
    }

    [Fact]
    public async Task Push_OfWhatIsNoModule_SaysWhy()
    {
        var refused = await Assert.ThrowsAsync<WeftException>(() =>
            coordinator.Client.PushModuleAsync([1, 2, 3], cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(ProblemCodes.InvalidModule, refused.Code);
        refused = await Assert.ThrowsAsync<WeftException>(() =>
            coordinator.Client.PushModuleAsync(Module, type: WeftClient.JavaScriptType,
            cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(ProblemCodes.JavaScriptNotAllowed, refused.Code);
    }
}
