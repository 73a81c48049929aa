using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Weft.Cli.Exec;
using Weft.Cli.Files;
using Weft.Client.Work;

namespace Weft.Cli.Python;

/// <summary>A Python process with one script and its packages, reused for many tasks. It runs one at a time.</summary>
internal sealed class PythonInterpreter : IAsyncDisposable
{
    private const int OutputBytesMax = 10 << 20;

    // Time to read the last output of a process that ends.
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(5);

    private static readonly string Harness = Resource("weft_task.py") + "\n" + Resource("worker.py");

    private readonly ExecSession _session;
    private readonly TaskFolder? _packages;
    private readonly Task<string> _errors;
    private readonly Stream _calls;
    private readonly Stream _answers;
    private MemoryStream _frames = new();

    private PythonInterpreter(ExecSession session, TaskFolder? packages)
    {
        (_session, _packages) = (session, packages);
        (_calls, _answers) = (session.Process.StandardInput.BaseStream, session.Process.StandardOutput.BaseStream);
        _errors = ExecTail.ReadAsync(session.Process.StandardError.BaseStream);
    }

    /// <summary>How many tasks it has run.</summary>
    public int Tasks { get; private set; }

    /// <summary>False: it can't run any more tasks.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <param name="packages">The folder with wheels, which it unpacks and owns. Null: it has none.</param>
    /// <param name="orphans">Ends processes that its scripts leave behind in other sessions; null: they are not
    /// tracked.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The system can't start another process.</exception>
    public static PythonInterpreter Start(
        PythonProgram program, PythonScriptFile script, TaskFolder? packages, ExecOrphans? orphans)
    {
        try
        {
            var interpreter =
                new PythonInterpreter(ExecSession.Start([program.Path, "-c", Harness], orphans: orphans), packages);
            PythonFrames.Add(interpreter._frames, Encoding.UTF8.GetBytes(script.Name));
            PythonFrames.Add(interpreter._frames, script.Source);
            PythonFrames.Add(interpreter._frames, Encoding.UTF8.GetBytes(packages?.Path ?? ""));
            return interpreter;
        }
        catch
        {
            packages?.Dispose();
            throw;
        }
    }

    /// <summary>Runs a task with its script.</summary>
    /// <param name="folder">The working directory; null: this process's.</param>
    /// <param name="kill">Ends the process at once, with all processes that it started.</param>
    /// <returns>Also returned if the process ended in the meantime.</returns>
    public async Task<ExecOutcome> RunAsync(WorkerTask task, string? folder, CancellationToken kill)
    {
        // False until its answer arrives, and if it was killed in the meantime: the next task must not use that
        // process.
        IsAlive = false;
        await using var killing = kill.Register(_session.Kill);
        var (outcome, isAlive) = await AskAsync(task, folder);
        IsAlive = isAlive && !kill.IsCancellationRequested;
        return outcome;
    }

    /// <summary>Ends the process, and all processes that its script started.</summary>
    public async ValueTask DisposeAsync()
    {
        _session.Kill();
        try
        {
            await _session.Process.WaitForExitAsync(CancellationToken.None)
                .WaitAsync(EndMax, TimeProvider.System, CancellationToken.None);
            await _session.EndRestAsync();
        }
        catch (TimeoutException)
        {
            // It is blocked in the kernel, in a read that doesn't end, and dies once that returns.
        }

        _session.Dispose();
        _packages?.Dispose();
    }

    private async Task<(ExecOutcome Outcome, bool IsAlive)> AskAsync(WorkerTask task, string? folder)
    {
        Tasks++;
        PythonFrames.Add(_frames, Describe(task, folder));
        PythonFrames.Add(_frames, JsonMarshal.GetRawUtf8Value(task.Payload));
        var feeding = FeedAsync(_frames);
        _frames = new();
        while (await PythonFrames.ReadAsync(_answers, OutputBytesMax) is var (kind, body))
        {
            switch (kind)
            {
                case PythonAnswer.Progress: Note(task, body); break;
                case PythonAnswer.Result: return (ExecOutcome.Done(body), true);
                default:
                    var error = Encoding.UTF8.GetString(body);
                    return (ExecOutcome.Failed(error, mayRetry: kind == PythonAnswer.Error), true);
            }
        }

        await feeding;
        return (ExecOutcome.Failed(await ExplainEndAsync()), false);
    }

    private async Task FeedAsync(MemoryStream frames)
    {
        try
        {
            await _calls.WriteAsync(frames.GetBuffer().AsMemory(0, (int)frames.Length));
            await _calls.FlushAsync();
        }
        catch (IOException)
        {
            // It has ended: the missing answer reports that.
        }
    }

    private async Task<string> ExplainEndAsync()
    {
        _session.Kill();
        try
        {
            await _session.Process.WaitForExitAsync(CancellationToken.None)
                .WaitAsync(EndMax, TimeProvider.System, CancellationToken.None);
            var errors = await _errors.WaitAsync(EndMax, TimeProvider.System, CancellationToken.None);
            return $"Python ended in the middle of the task{(errors.Length > 0 ? ": " : ".")}{errors}";
        }
        catch (TimeoutException)
        {
            return "Python ended in the middle of the task.";
        }
    }

    private static byte[] Describe(WorkerTask task, string? folder)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("id", task.Id);
            json.WriteNumber("attempt", task.Attempt);
            json.WriteString("queue", task.Queue);
            json.WriteString("type", task.Type ?? "");
            if (folder is not null) json.WriteString("folder", folder);
            json.WriteStartArray("args");
            foreach (var text in task.Run?.Args ?? []) json.WriteStringValue(text);
            json.WriteEndArray();
            json.WriteStartObject("env");
            if (task.Run?.Env is { } env)
            {
                foreach (var (name, text) in env) json.WriteString(name, text);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static void Note(WorkerTask task, byte[] body)
    {
        if (!double.TryParse(body, CultureInfo.InvariantCulture, out var part) || double.IsNaN(part)) return;
        task.Report(Math.Clamp(part, 0, 1));
    }

    private static string Resource(string name)
    {
        using var stream = typeof(PythonInterpreter).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
