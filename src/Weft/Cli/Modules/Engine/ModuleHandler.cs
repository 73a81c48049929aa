using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Weft.Cli.Exec;
using Weft.Cli.Files;
using Weft.Client.Work;

namespace Weft.Cli.Modules.Engine;

/// <summary>Runs tasks with WebAssembly modules, as the worker page does.</summary>
internal sealed class ModuleHandler(
    ModulePool pool, CompiledModules modules, ModuleMemory memory, TaskFolders folders, TaskOutputs outputs,
    TimeProvider time)
{
    private const double TimeoutSecondsDefault = 60;
    private const int MemoryMbDefault = 256;

    // The same as in browsers.
    private const int OutMbMax = 256;

    // Delays a released task, so that another worker can get it.
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    /// <summary>A <see cref="TaskHandler"/>.</summary>
    public async Task<JsonElement> RunAsync(WorkerTask task, CancellationToken stop)
    {
        var hash = task.Module ?? throw new AttemptFailedException("The task has no module: this worker runs modules.");
        var memoryMb = task.Run?.MemoryMb ?? MemoryMbDefault;
        var module = await modules.FindAsync(hash, memoryMb, task.Run?.Fixed ?? false, stop);
        using var folder = await folders.OpenAsync(task, stop);
        // The files that it writes are in memory as well.
        var bytes = (long)(memoryMb + OutMbOf(task)) << 20;
        await memory.TakeAsync(bytes, stop);
        try
        {
            var result = await RunAsync(task, module, memoryMb, folder?.Path, stop);
            await outputs.PushAsync(task, folder?.Path, stop);
            return result;
        }
        finally
        {
            memory.GiveBack(bytes);
        }
    }

    private static int OutMbOf(WorkerTask task) => Math.Min(task.Run?.OutMb ?? 0, OutMbMax);

    private async Task<JsonElement> RunAsync(
        WorkerTask task, CompiledModule module, int memoryMb, string? folder, CancellationToken stop)
    {
        var process = Take(task);
        using var files = folder is null || OutMbOf(task) == 0
            ? null : new ModuleFiles(folder, (long)OutMbOf(task) << 20);
        try
        {
            var seconds = task.Run?.TimeoutSeconds ?? TimeoutSecondsDefault;
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), time);
            using var kill = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
            var said = await process.RunAsync(Frame(task, module, memoryMb, folder), files, kill.Token);
            files?.Dispose();
            stop.ThrowIfCancellationRequested();
            if (late.IsCancellationRequested)
            {
                throw new AttemptFailedException(string.Create(CultureInfo.InvariantCulture,
                    $"The module ran for longer than {seconds} s."));
            }
            return said is var (answer, body)
                ? Read((ModuleAnswer)answer, body, module)
                : throw await EndedAsync(process);
        }
        finally
        {
            pool.GiveBack(process, task.Submitter);
        }
    }

    private JsonElement Read(ModuleAnswer answer, byte[] body, CompiledModule module)
    {
        switch (answer)
        {
            case ModuleAnswer.Output:
                return ExecResult.Read(body, asText: false)
                    ?? throw new AttemptFailedException("The module’s output is not UTF-8 text.");
            case ModuleAnswer.Unusable:
                modules.Forget(module);
                throw new AttemptReleasedException(
                    $"The module's compiled code can't be loaded: {Encoding.UTF8.GetString(body)}", Delay);
            default:
                throw new AttemptFailedException(
                    Encoding.UTF8.GetString(body), mayRetry: answer != ModuleAnswer.FinalError);
        }
    }

    private static async Task<AttemptFailedException> EndedAsync(ModuleProcess process)
    {
        var words = await process.LastWordsAsync();
        return new($"The module ended its process{(words.Length > 0 ? ": " : ".")}{words}");
    }

    private ModuleProcess Take(WorkerTask task)
    {
        try
        {
            return pool.Take(task.Submitter);
        }
        catch (Exception exception) when (exception is Win32Exception or OutOfMemoryException)
        {
            // A problem of this machine, not of the task.
            throw new AttemptReleasedException($"A module's process could not be started: {exception.Message}", Delay);
        }
    }

    private static byte[] Frame(WorkerTask task, CompiledModule module, int memoryMb, string? folder)
    {
        var isFixed = task.Run?.Fixed ?? false;
        return new ModuleRunFrame(module.Path, module.Start, memoryMb, isFixed, task.Run?.Args ?? [],
            Environment(task, isFixed), FilesOf(task, folder), OutMbOf(task), ExecResult.Feed(task.Payload)).ToBytes();
    }

    /// <summary>Null: it has no files, and writes none.</summary>
    private static KeyValuePair<string, string>[]? FilesOf(WorkerTask task, string? folder) => folder is null
        ? null
        : [.. (task.Run?.Files ?? []).Select(file => KeyValuePair.Create(file.Path, Path.Combine(folder, file.Path)))];

    private static List<KeyValuePair<string, string>> Environment(WorkerTask task, bool isFixed)
    {
        var variables = new List<KeyValuePair<string, string>>();
        // Runs that must be identical need identical paths.
        if (!isFixed)
        {
            variables.Add(new("WEFT_TASK_ID", task.Id.ToString(CultureInfo.InvariantCulture)));
            variables.Add(new("WEFT_TASK_ATTEMPT", task.Attempt.ToString(CultureInfo.InvariantCulture)));
            variables.Add(new("WEFT_TASK_QUEUE", task.Queue));
            variables.Add(new("WEFT_TASK_TYPE", task.Type ?? ""));
        }
        foreach (var given in task.Run?.Env ?? new Dictionary<string, string>())
        {
            var known = variables.FindIndex(each => each.Key == given.Key);
            if (known >= 0) variables[known] = given;
            else variables.Add(given);
        }
        return variables;
    }
}
