using System.Diagnostics;
using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary><c>weft events</c> and <c>weft top</c>.</summary>
public sealed class EventsCommandTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_GoOnOverARestart_WithAReset()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var events = Start(coordinator, "events", "--json", "--queue", "squares");
        var first = await SubmitUntilSeenAsync(coordinator, events, """{"queue":"squares","payload":1}""");
        Assert.Contains("task.submitted", first, StringComparison.Ordinal);

        await coordinator.KillAsync();
        await coordinator.StartAsync();
        var reset = await NextAsync(events, "reset");
        Assert.Equal("gap", reset.GetProperty("reason").GetString());
        var id = await coordinator.SubmitAsync("squares");
        Assert.Equal(id, (await NextAsync(events, "task.submitted")).GetProperty("id").GetInt64());
        await EndAsync(events);
        Assert.Equal(2,
            (await events.StandardError.ReadToEndAsync(Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Length);
    }

    [Fact]
    public async Task Events_AreLinesForPeople_InWhichNothingSteersTheTerminal()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var events = Start(coordinator, "events", "--topics", "tasks");
        var group = (await coordinator.Wire.PostAsync("/api/v1/groups", "")).Json.GetProperty("id").GetInt64();
        var task = $$"""{"queue":"squares","payload":1,"type":"a\u001b[2J\n","group":{{group}}}""";
        var line = await SubmitUntilSeenAsync(coordinator, events, task);
        Assert.Matches(
            $@"^\d{{4}}-\d\d-\d\dT[\d:.]+Z  task\.submitted  \d+  squares  type=a \[2J  group={group}$", line);
        await EndAsync(events);
    }

    [Fact]
    public async Task Events_OfWhatIsNotThere_EndAtOnce()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var refused = await coordinator.WeftAsync("events", "--group", "987654321");
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("The group was never created", refused.Error, StringComparison.Ordinal);
        var topics = await coordinator.WeftAsync("events", "--topics", "zebra");
        Assert.Equal(1, topics.ExitCode);
        Assert.Contains(
            "topics must be one or more of tasks, groups, queues, workers, operations", topics.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Top_ShowsQueuesAndWhatNeedsAttention()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("squares");
        await coordinator.SubmitAsync("cubes");
        Assert.Equal(200, (await coordinator.Wire.PostAsync("/api/v1/queues/squares/pause", "")).Status);
        var lines = await Eventually.SeeAsync("the pause", () => coordinator.LinesAsync("top", "--once"),
            static lines => lines.Any(static line => line.StartsWith("! squares: ", StringComparison.Ordinal)));
        Assert.StartsWith("weft ", lines[0], StringComparison.Ordinal);
        Assert.Contains("2 ready", lines[1], StringComparison.Ordinal);
        Assert.Contains("! squares: The queue is paused while tasks wait in it. (1)", lines);
        Assert.Equal(["squares", "paused", "0", "1"],
            lines.Single(static line => line.StartsWith("squares ", StringComparison.Ordinal)).Cells()[..4]);
        var json = JsonElement.Parse(Assert.Single(await coordinator.LinesAsync("top", "--once", "--json")));
        Assert.Equal(2, json.GetProperty("queuesTotal").GetInt32());
    }

    [Fact]
    public async Task Top_IntoAPipe_IsPlainText_AgainAndAgain()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var top = Start(coordinator, "top");
        var screens = 0;
        while (screens < 2)
        {
            var line = (await top.StandardOutput.ReadLineAsync(Stop))!;
            Assert.DoesNotContain('\e', line);
            if (line.StartsWith("weft ", StringComparison.Ordinal)) screens++;
        }

        await EndAsync(top);
    }

    private static Process Start(CoordinatorProcess coordinator, params string[] arguments) => Process.Start(
        WeftBinary.Describe(Path.GetTempPath(), [.. arguments, "--url", coordinator.Address.ToString()]))!;

    /// <summary>Submits until the stream, which has begun at some time by then, shows one of them.</summary>
    private static async Task<string> SubmitUntilSeenAsync(CoordinatorProcess coordinator, Process events, string task)
    {
        var seen = events.StandardOutput.ReadLineAsync(Stop).AsTask();
        while (!seen.IsCompleted)
        {
            Assert.Equal(201, (await coordinator.Wire.PostAsync("/api/v1/tasks", task)).Status);
            await Task.WhenAny(seen, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop));
        }

        return (await seen)!;
    }

    private static async Task<JsonElement> NextAsync(Process events, string name)
    {
        while (await events.StandardOutput.ReadLineAsync(Stop) is { } line)
        {
            var read = JsonElement.Parse(line);
            if (read.GetProperty("event").GetString() == name) return read;
        }

        throw new InvalidOperationException($"No {name} came.");
    }

    private static async Task EndAsync(Process process)
    {
        process.Send(UnixSignal.Interrupt);
        await process.WaitForExitAsync(Stop).WaitAsync(Eventually.Max, TimeProvider.System, Stop);
    }
}
