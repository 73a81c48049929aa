using System.Globalization;
using Weft.Cli.Remote;
using Weft.Client.Work;
using Weft.CommandLine;

namespace Weft.Cli.Exec;

/// <summary>Reports the worker's progress, for people or as <c>--json</c>. Safe for use by many threads.</summary>
/// <param name="printsJson">Print a line on stdout for every task that ended.</param>
internal sealed class ExecReport(bool printsJson, TimeProvider time)
{
    private static readonly TimeSpan CountsInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private long _completed;
    private long _failed;
    private long _givenBack;
    private long _told;

    /// <summary>Reports the outcome of a task.</summary>
    public void Note(WorkerEvent happened)
    {
        var (task, outcome, detail) = happened;
        Interlocked.Increment(ref outcome == WorkerOutcome.Completed ? ref _completed
            : ref outcome == WorkerOutcome.Failed ? ref _failed : ref _givenBack);
        var word = outcome.ToString().ToLowerInvariant();
        lock (_lock)
        {
            if (printsJson)
            {
                JsonOutput.Print(new ExecLine(task.Id, task.Attempt, word, detail), RemoteJson.Default.ExecLine);
            }
            else if (detail is not null)
            {
                Console.Error.WriteLine($"weft: Task {task.Id} {word}: {OneLine.OfError(detail)}");
            }
        }
    }

    /// <summary>Reports the counts at intervals if they have changed, and at the end.</summary>
    public async Task CountAsync(CancellationToken ended)
    {
        using var timer = new PeriodicTimer(CountsInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended)) TellCounts();
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            TellCounts();
        }
    }

    private void TellCounts()
    {
        var (completed, failed, givenBack) = (Interlocked.Read(ref _completed), Interlocked.Read(ref _failed),
            Interlocked.Read(ref _givenBack));
        if (completed + failed + givenBack == _told) return;
        _told = completed + failed + givenBack;
        var text = string.Create(CultureInfo.InvariantCulture,
            $"weft: {Counted.Of(completed, "task")} completed, {Counted.Of(failed, "attempt")} " +
            $"failed{(givenBack == 0 ? "." : $", {givenBack} released or dropped.")}");
        Console.Error.WriteLine(text);
    }
}

/// <summary>The outcome of a task, for <c>weft worker --json</c>.</summary>
/// <param name="Outcome"><c>completed</c>, <c>failed</c>, <c>released</c> or <c>dropped</c>.</param>
/// <param name="Error">Null if it is completed or released.</param>
internal sealed record ExecLine(long Id, int Attempt, string Outcome, string? Error);
