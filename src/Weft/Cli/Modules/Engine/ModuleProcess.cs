using System.Diagnostics;
using Weft.Cli.Exec;

namespace Weft.Cli.Modules.Engine;

/// <summary>
/// A process that runs modules of one submitter, one at a time. To stop a module, the process is killed.
/// </summary>
internal sealed class ModuleProcess : IDisposable
{
    private const int AnswerBytesMax = 16 << 20;

    // Limit for its managed objects: a task's payload and result, a few times over. The modules' memory doesn't count.
    private const string HeapBytesMax = "0x18000000";

    private const string Runtime = "DOTNET_ROOT";

    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly SemaphoreSlim _given = new(0);
    private (byte[] Frame, ModuleFiles? Files, TaskCompletionSource<(byte Kind, byte[] Body)?> Answer)? _job;

    private ModuleProcess(Process process)
    {
        _process = process;
        _errors = ExecTail.ReadAsync(process.StandardError.BaseStream);
        new Thread(Serve, maxStackSize: 256 << 10) { IsBackground = true, Name = "weft module" }.Start();
    }

    /// <summary>False: it can't run any more tasks.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <exception cref="System.ComponentModel.Win32Exception">The system can't start another process.</exception>
    public static ModuleProcess Start(EngineFolder engine) => new(StartHost(engine, compiles: false));

    /// <summary>Starts the hidden command, with an empty environment and an empty working directory.</summary>
    public static Process StartHost(EngineFolder engine, bool compiles)
    {
        string[] arguments = [.. Self.Arguments, ModuleHostCommand.Name, ModuleHostCommand.EngineOption, engine.Library,
            .. compiles ? new[] { ModuleHostCommand.CompileOption } : []];
        var start = new ProcessStartInfo(Self.Program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = engine.Nowhere,
        };
        start.Environment.Clear();
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapBytesMax;
        // If the program isn't native, this finds its runtime.
        if (Environment.GetEnvironmentVariable(Runtime) is { } runtime) start.Environment[Runtime] = runtime;
        return Process.Start(start)!;
    }

    /// <summary>Runs a module until it ends or is killed.</summary>
    /// <param name="frame">The request to run it.</param>
    /// <param name="files">Stores the files that the module writes; null: it may write none.</param>
    /// <param name="kill">Ends the process at once.</param>
    /// <returns>Null: the process ended before it answered.</returns>
    public async Task<(byte Kind, byte[] Body)?> RunAsync(byte[] frame, ModuleFiles? files, CancellationToken kill)
    {
        var answer = new TaskCompletionSource<(byte, byte[])?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (kill.Register(Kill))
        {
            _job = (frame, files, answer);
            _given.Release();
            var said = await answer.Task;
            IsAlive &= said is not null && !kill.IsCancellationRequested;
            return said;
        }
    }

    /// <summary>The last lines of its stderr, if it ended on its own.</summary>
    public async Task<string> LastWordsAsync()
    {
        Kill();
        try
        {
            return await _errors.WaitAsync(EndMax, TimeProvider.System, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            return "";
        }
    }

    public void Dispose()
    {
        IsAlive = false;
        _job = null;
        _given.Release();
        Kill();
    }

    private void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has just ended on its own.
        }
    }

    // A dedicated thread: an answer wakes it at once, without waiting for the thread pool.
    private void Serve()
    {
        using var calls = _process.StandardInput.BaseStream;
        using var answers = _process.StandardOutput.BaseStream;
        while (true)
        {
            _given.Wait();
            if (_job is not var (frame, files, answer)) break;
            _job = null;
            answer.SetResult(Ask(calls, answers, frame, files));
        }

        _process.WaitForExit();
        _process.Dispose();
    }

    private static (byte Kind, byte[] Body)? Ask(Stream calls, Stream answers, byte[] frame, ModuleFiles? files)
    {
        try
        {
            ModuleFrames.Write(calls, 0, frame);
            while (true)
            {
                var said = ModuleFrames.Read(answers, AnswerBytesMax);
                if (said is not ((byte)ModuleAnswer.File or (byte)ModuleAnswer.Piece, var body)) return said;
                // A process that sends more than it may is treated like one that has ended.
                if (files is null || !files.Take((ModuleAnswer)said.Value.Kind, body)) return null;
            }
        }
        // It has ended, or named a file that can't be created: kill it and ignore the rest.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
