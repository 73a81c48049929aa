using System.Globalization;
using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>Commands aimed at a test's coordinator, and what the tests need of its API.</summary>
internal static class RemoteWeft
{
    public static Task<CommandResult> WeftAsync(this CoordinatorProcess coordinator, params string[] arguments) =>
        WeftBinary.RunAsync([.. arguments, "--url", coordinator.Address.ToString()]);

    /// <summary>Runs a command with something on its stdin.</summary>
    public static Task<CommandResult> FeedAsync(this CoordinatorProcess coordinator, string input,
        params string[] arguments)
    {
        var start = WeftBinary.Describe(Path.GetTempPath(), [.. arguments, "--url", coordinator.Address.ToString()]);
        return Command.RunAsync(start, Eventually.Max, input);
    }

    /// <summary>Runs a script of bash in which <c>$WEFT</c> is the binary and the coordinator is the test's.</summary>
    public static Task<CommandResult> ShellAsync(this CoordinatorProcess coordinator, string script)
    {
        var start = Command.Describe("bash", coordinator.Folder, ["-c", script]);
        start.Environment["WEFT"] = WeftBinary.Path;
        start.Environment["WEFT_URL"] = coordinator.Address.ToString();
        start.Environment["XDG_STATE_HOME"] = Path.Combine(coordinator.Folder, "state");
        return Command.RunAsync(start, Eventually.Max);
    }

    /// <summary>Runs a command that must succeed and say nothing on stderr.</summary>
    /// <returns>The lines of its stdout.</returns>
    public static async Task<string[]> LinesAsync(this CoordinatorProcess coordinator, params string[] arguments)
    {
        var result = await coordinator.WeftAsync(arguments);
        Assert.True(result is { ExitCode: 0, Error: "" }, result.ToString());
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public static string[] Cells(this string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public static async Task<long> SubmitAsync(this CoordinatorProcess coordinator, string queue, string payload = "1")
    {
        var answer = await coordinator.Wire.PostAsync("/api/v1/tasks",
            $$"""{"queue":"{{queue}}","payload":{{payload}}}""");
        Assert.True(answer.Status == 201, answer.ToString());
        return answer.Json.GetProperty("id").GetInt64();
    }

    /// <returns>The tasks, 1 at most.</returns>
    public static async Task<JsonElement[]> ClaimAsync(this CoordinatorProcess coordinator, string queue,
        string workerId = "w")
    {
        var answer = await coordinator.Wire.PostAsync("/api/v1/tasks/claim",
            $$"""{"workerId":"{{workerId}}","queues":["{{queue}}"]}""");
        return [.. answer.Json.GetProperty("tasks").EnumerateArray()];
    }

    /// <summary>Claims a task and has it end.</summary>
    /// <param name="verb"><c>complete</c> or <c>fail</c>.</param>
    /// <param name="members">What is said beside the token: <c>"result":1</c>.</param>
    public static async Task FinishAsync(this CoordinatorProcess coordinator, string queue, string verb, string members)
    {
        var task = Assert.Single(await coordinator.ClaimAsync(queue));
        var path = string.Create(CultureInfo.InvariantCulture,
            $"/api/v1/tasks/{task.GetProperty("id").GetInt64()}/{verb}");
        var answer = await coordinator.Wire.PostAsync(path,
            $$"""{"leaseToken":"{{task.GetProperty("leaseToken").GetString()}}","workerId":"w",{{members}}}""");
        Assert.True(answer.Status == 200, answer.ToString());
    }
}
