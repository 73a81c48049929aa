using System.Globalization;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Postgres;

/// <summary>Many coordinators are one: whoever is asked, and whoever of them dies.</summary>
public sealed class ManyCoordinatorsTests : IAsyncLifetime
{
    private const int Callers = 8;
    private const int AnswersBefore = 300;
    private const int AnswersAfter = 600;

    private SharedStack _stack = null!;

    public async ValueTask InitializeAsync() => _stack = await SharedStack.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _stack.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task AJob_EndsAndLosesNothing_WhenACoordinatorIsKilledInTheMiddle()
    {
        var ledger = new SharedLedger(_stack.Nginx.Address);
        using var stop = new CancellationTokenSource();
        var load = ledger.RunAsync(Callers, stop.Token);
        await Eventually.SeeAsync("answers", () => Task.FromResult(ledger.Answers),
            static seen => seen >= AnswersBefore);
        await _stack.Coordinators[1].KillAsync();
        var atKill = ledger.Answers;
        await Eventually.SeeAsync("answers after the kill", () => Task.FromResult(ledger.Answers),
            seen => seen >= atKill + AnswersAfter);
        await stop.CancelAsync();
        await load;

        var counts = await Eventually.SeeAsync("all is done", async () =>
        {
            await ledger.WorkAsync("drains");
            return (await _stack.Wire.GetAsync("/stats")).Json;
        }, static stats => stats.GetProperty("pending").GetInt64() + stats.GetProperty("processing").GetInt64() == 0);
        await ledger.AssertKeptAsync(_stack.Wire);
        Assert.Equal(counts.GetProperty("totalTasks").GetInt64(), counts.GetProperty("completed").GetInt64());
        Assert.InRange(counts.GetProperty("totalTasks").GetInt64(), ledger.SubmittedCount,
            ledger.SubmittedCount + Callers);
        // Not vacuous: each of the three had its share.
        Assert.All(_stack.Coordinators,
            coordinator =>
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $" 127.0.0.1:{coordinator.Port} 20"),
            _stack.Nginx.AccessLog, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AWorkerThatWaits_GetsWhatIsSubmittedAtAnotherCoordinator()
    {
        var (first, second, third) = (_stack.Coordinators[0].Wire, _stack.Coordinators[1].Wire,
            _stack.Coordinators[2].Wire);
        for (var i = 0; i < 5; i++)
        {
            var waiting = first.ClaimAsync("w", waitSeconds: 20);
            var id = await third.SubmitAsync($"{i}");
            var claim = await waiting;
            Assert.Equal((id, $"{i}"), (claim!.TaskId, claim.Data));

            var watching = second.GetAsync($"/api/v1/tasks/{id}?wait=20");
            await first.CompleteAsync(id, """{"result":"done"}""");
            Assert.Equal("completed", (await watching).Json.GetProperty("state").GetString());
        }
    }

    [Fact]
    public async Task ADatabaseThatIsGone_Is503WithRetryAfter_AndAllIsWellWhenItIsBack()
    {
        var id = await _stack.Wire.SubmitAsync("1");
        await _stack.Server.KillAsync();
        foreach (var answer in new[] { await _stack.Wire.PostAsync("/task", "2"),
            await _stack.Wire.GetAsync($"/result/{id}"), await _stack.Wire.GetAsync("/health/ready") })
        {
            Assert.Equal(503, answer.Status);
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        Assert.Equal(200, (await _stack.Wire.GetAsync("/health/live")).Status);
        await _stack.Server.StartAsync();
        foreach (var coordinator in _stack.Coordinators)
        {
            await Eventually.SeeAsync("ready again",
                async () => (await coordinator.Wire.GetAsync("/health/ready")).Status, static status => status == 200);
        }
        Assert.Equal("pending", (await _stack.Wire.OutcomeAsync(id)).Status);
    }
}
