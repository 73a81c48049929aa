using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Weft.Cli.Files;
using Weft.Client.Work;

namespace Weft.Cli.Exec;

/// <summary>Runs a program for each task.</summary>
/// <param name="program">The program to run.</param>
/// <param name="folders">Provide the tasks' files.</param>
/// <param name="outputs">Pushes the files that tasks write.</param>
/// <param name="asText">Treat results as text even if they look like JSON.</param>
internal sealed class ExecHandler(
    ExecProgram program, TaskFolders folders, TaskOutputs outputs, bool asText, TimeProvider time)
{
    private const int NoMemory = 12;
    private const int TryAgain = 11;
    private const int TooManyFilesInSystem = 23;
    private const int TooManyFiles = 24;

    // Delays a released task, so that another worker can get it or this machine recovers.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    /// <summary>A <see cref="TaskHandler"/>.</summary>
    public async Task<JsonElement> RunAsync(WorkerTask task, CancellationToken stop)
    {
        using var folder = await folders.OpenAsync(task, stop);
        var outcome = await RunProgramAsync(task, folder?.Path, stop);
        if (outcome.Error is { } error) throw new AttemptFailedException(error, outcome.MayRetry);
        var result = ExecResult.Read(outcome.Output!, asText)
            ?? throw new AttemptFailedException("The program's output is not UTF-8 text.");
        await outputs.PushAsync(task, folder?.Path, stop);
        return result;
    }

    private async Task<ExecOutcome> RunProgramAsync(WorkerTask task, string? folder, CancellationToken stop)
    {
        string reason;
        try
        {
            return await program.RunAsync(ExecResult.Feed(task.Payload), Variables(task), folder, stop);
        }
        catch (Win32Exception exception)
            when (exception.NativeErrorCode is NoMemory or TryAgain or TooManyFilesInSystem or TooManyFiles)
        {
            reason = exception.Message;
        }
        catch (OutOfMemoryException exception)
        {
            // Also thrown if the system can't start another thread.
            reason = exception.Message;
        }
        catch (Win32Exception exception)
        {
            throw new AttemptFailedException($"The program could not be started: {exception.Message}");
        }

        // A problem of this machine, not of the task.
        await Task.Delay(Pause, time, stop);
        throw new AttemptReleasedException($"The program could not be started: {reason}", Delay);
    }

    private static Dictionary<string, string> Variables(WorkerTask task)
    {
        var variables = new Dictionary<string, string>
        {
            ["WEFT_TASK_ID"] = task.Id.ToString(CultureInfo.InvariantCulture),
            ["WEFT_TASK_ATTEMPT"] = task.Attempt.ToString(CultureInfo.InvariantCulture),
            ["WEFT_TASK_QUEUE"] = task.Queue,
            ["WEFT_TASK_TYPE"] = task.Type ?? "",
            // A task with files runs in its own folder; the program's path may be relative to the worker's.
            ["WEFT_WORKER_DIR"] = Environment.CurrentDirectory,
        };
        // https://opentelemetry.io/docs/specs/otel/context/env-carriers/: this worker's own span, if it records any.
        var (parent, state) = Activity.Current is { Id: { } id } span
            ? (id, span.TraceStateString)
            : (task.Trace?.Parent, task.Trace?.State);
        if (parent is not null) variables["TRACEPARENT"] = parent;
        if (state is not null) variables["TRACESTATE"] = state;
        return variables;
    }
}
