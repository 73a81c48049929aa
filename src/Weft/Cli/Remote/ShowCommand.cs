using System.CommandLine;
using System.Globalization;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.CommandLine.Terminal;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft show</c>: everything known about a task, including its whole error.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var ids = TaskIds.Argument();
        return new Command("show",
            "Show everything about a task: payload, result, full error, attempts, times, why it isn't running.") { ids }
            .Remote((flags, api, stop) => RunAsync(flags.GetRequiredValue(ids), flags.WantsJson(), api, stop))
                .WithExamples("weft show 7", "weft show 7 --json | jq .payload");
    }

    private static async Task<int> RunAsync(long[] ids, bool json, RemoteApi api, CancellationToken stop)
    {
        var exitCode = ExitCode.Ok;
        foreach (var id in ids.TakeWhile(static _ => StandardStreams.OutputFailure is null))
        {
            try
            {
                var task = TaskLines.WithResult(await api.GetAsync($"tasks/{id}", WireJson.Default.TaskInfo, stop));
                if (json) JsonOutput.Print(task, WireJson.Default.TaskInfo);
                else Print(
                    task, await TaskAttempts.ExplainAsync(api, task, stop),
                    await TaskAttempts.ListAsync(api, id, stop));
            }
            catch (RefusedFailure failure)
            {
                // A failure on one id must not stop the rest.
                Console.Error.WriteLine($"weft: Task {id}: {failure.Message}");
                exitCode = ExitCode.Failed;
            }
        }

        return exitCode;
    }

    private static void Print(TaskInfo task, string? reason, IReadOnlyList<string> attempts)
    {
        Console.Out.WriteLine($"Task {task.Id} is {task.State}.");
        if (reason is not null) Console.Out.WriteLine($"  {"Why",-10} {reason}");
        foreach (var (name, value) in Describe(task))
        {
            if (value is not null) Console.Out.WriteLine($"  {name,-10} {value}");
        }
        if (attempts.Count > 0) Console.Out.WriteLine("  History");
        foreach (var attempt in attempts) Console.Out.WriteLine($"    {attempt}");
        if (task.Error is null) return;
        Console.Out.WriteLine("  Error");
        foreach (var line in task.Error.TrimEnd().Split('\n')) Console.Out.WriteLine($"    {line}");
    }

    private static IEnumerable<(string Name, string? Value)> Describe(TaskInfo task) =>
    [
        ("Queue", task.Queue),
        ("Type", task.Type is { } type ? OneLine.Of(type) : null),
        ("Group", task.Group?.ToString(CultureInfo.InvariantCulture)),
        ("Priority", task.Priority == 0 ? null : task.Priority.ToString(CultureInfo.InvariantCulture)),
        ("Requires", task.Requires is { Count: > 0 } requires ? OneLine.Of(string.Join(", ", requires)) : null),
        ("Module", task.Module),
        ("Arguments", task.Run?.Args is { } args ? string.Join(' ', args.Select(Quoted)) : null),
        ("Variables", task.Run?.Env is { } env
            ? string.Join(' ', env.Select(static each => Quoted($"{each.Key}={each.Value}"))) : null),
        ("Limits", Limits(task.Run)),
        ("Attempts", string.Create(CultureInfo.InvariantCulture, $"{task.Attempt} ({task.Failures} failed, at most " +
            $"{task.MaxAttempts} allowed)")),
        ("Worker", task.WorkerId is { } worker ? OneLine.Of(worker) : null),
        ("Submitted", IsoTime.Of(task.SubmittedAt)),
        ("Run at", Time(task.RunAt)),
        ("Ready", Time(task.ReadyAt)),
        ("Expires", Time(task.ExpiresAt)),
        ("Claimed", Time(task.ClaimedAt)),
        ("Lease ends", Time(task.LeaseExpiresAt)),
        ("Finished", Time(task.FinishedAt)),
        ("Progress", task.Progress?.ToString("P0", CultureInfo.InvariantCulture)),
        ("Payload", task.Payload is { } payload ? JsonText.Write(payload, asText: false) : "null"),
        ("Checkpoint", task.Checkpoint is { } checkpoint ? JsonText.Write(checkpoint, asText: false) : null),
        ("Result", task.Result is { } result ? JsonText.Write(result, asText: false) : null),
    ];

    // In a form that can be typed.
    private static string Quoted(string text) => text.Length > 0 && !text.AsSpan().ContainsAny(" \t\n'\"")
        ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string? Limits(ModuleRun? run)
    {
        string?[] all =
        [
            run?.TimeoutSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds} s") : null,
            run?.MemoryMb is { } memory ? string.Create(CultureInfo.InvariantCulture, $"{memory} MB of memory") : null,
            run?.Fixed == true ? "fixed clock and random numbers" : null,
        ];
        var given = string.Join(", ", all.OfType<string>());
        return given.Length > 0 ? given : null;
    }

    private static string? Time(DateTimeOffset? time) => time is { } at ? IsoTime.Of(at) : null;
}
