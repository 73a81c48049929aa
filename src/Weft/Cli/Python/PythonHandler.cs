using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Weft.Cli.Exec;
using Weft.Cli.Files;
using Weft.Client;
using Weft.Client.Work;

namespace Weft.Cli.Python;

/// <summary>Runs tasks with Python modules.</summary>
internal sealed class PythonHandler(
    PythonPool pool, PythonScripts scripts, TaskFolders folders, TaskOutputs outputs, TimeProvider time)
{
    private const double TimeoutSecondsDefault = 60;

    // Delays a released task, so that another worker can get it.
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    /// <summary>A <see cref="TaskHandler"/>.</summary>
    public async Task<JsonElement> RunAsync(WorkerTask task, CancellationToken stop)
    {
        var script = await FindAsync(task, stop);
        using var folder = await folders.OpenAsync(task, stop);
        var interpreter = await TakeAsync(script, task, stop);
        try
        {
            var seconds = task.Run?.TimeoutSeconds ?? TimeoutSecondsDefault;
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), time);
            using var kill = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
            var outcome = await interpreter.RunAsync(task, folder?.Path, kill.Token);
            stop.ThrowIfCancellationRequested();
            if (outcome.Error is { } error)
            {
                throw late.IsCancellationRequested
                    ? new AttemptFailedException(string.Create(CultureInfo.InvariantCulture,
                        $"The module ran for longer than {seconds} s."))
                    : new AttemptFailedException(error, outcome.MayRetry);
            }
            var result = ExecResult.Read(outcome.Output!, asText: false)
                ?? throw new AttemptFailedException("The result is not UTF-8 text.");
            await outputs.PushAsync(task, folder?.Path, stop);
            return result;
        }
        finally
        {
            await pool.GiveBackAsync(interpreter, script, task);
        }
    }

    private async Task<PythonScriptFile> FindAsync(WorkerTask task, CancellationToken stop)
    {
        if (task.Module is not { } hash)
        {
            throw new AttemptFailedException("The task has no module: this worker runs Python modules.");
        }
        try
        {
            return await scripts.FindAsync(hash, stop)
                ?? throw new AttemptFailedException("The task's module is not a Python script.", mayRetry: false);
        }
        catch (WeftException exception)
        {
            throw new AttemptReleasedException($"The script could not be fetched: {exception.Message}", Delay);
        }
    }

    private async Task<PythonInterpreter> TakeAsync(PythonScriptFile script, WorkerTask task, CancellationToken stop)
    {
        try
        {
            return await pool.TakeAsync(script, task, packages => folders.OpenPackagesAsync(packages, stop));
        }
        catch (Exception exception) when (exception is Win32Exception or OutOfMemoryException)
        {
            // A problem of this machine, not of the task.
            throw new AttemptReleasedException($"Python could not be started: {exception.Message}", Delay);
        }
    }
}
