using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Weft.Cli.Files;
using Weft.Cli.Modules.Engine;
using Weft.Cli.Python;
using Weft.Cli.Remote;
using Weft.Client;
using Weft.Client.Work;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.Core.Modules;
using Weft.Metrics;

namespace Weft.Cli.Exec;

/// <summary><c>weft worker</c>: turns any program into a worker.</summary>
internal static class WorkerCommand
{
    public const string Name = "worker";

    private const int ConcurrencyMax = 256;
    private const int OutputBytesMax = 10 << 20;
    private const string Auto = "auto";
    private const string PythonDefault = "python3";

    private static readonly Option<string?> Exec = new("--exec")
    {
        Description = "Shell command to run for each task: payload on stdin, result on stdout. Exit code 65: mark " +
            "the task dead; any other than 0: fail the attempt",
        HelpName = "command",
    };

    private static readonly Option<string?> Python = new("--python")
    {
        Description = "Run tasks with Python modules, using this Python and no sandbox [default: python3]",
        HelpName = "program",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> Modules = new("--modules")
    {
        Description = "Run tasks with WebAssembly modules as browsers do: in a sandbox, with the same results",
    };

    private static readonly Option<string?> Engine = new("--engine")
    {
        Description = "Folder with the engine for --modules [default: engine, beside the program]",
        HelpName = "folder",
    };

    private static readonly Option<string[]> Queues = new("--queue")
    {
        Description = "Queue to work on; may be repeated [default: default]",
        HelpName = "name",
    };

    private static readonly Option<int?> Concurrency = new("--concurrency")
    {
        Description = "Number of tasks to run at once; auto: one per processor [default: 1; auto with --python and " +
            "--modules]",
        HelpName = "number",
        CustomParser = ReadConcurrency,
    };

    private static readonly Option<int?> LeaseSeconds = NumberOption.Optional("--lease-seconds",
        "How long this worker may go without a heartbeat before others get its tasks [default: the task's lease, or " +
        "the coordinator's setting]", 1, 86_400, "seconds");
    private static readonly Option<string[]> Capabilities = new("--capability")
    {
        Description = "Capability of this machine, such as simd or memory=8192; may be repeated",
        HelpName = "label",
    };
    private static readonly Option<string?> WorkerId = new("--worker-id")
    {
        Description = "Worker id [default: machine name and process id]",
        HelpName = "name",
    };
    private static readonly Option<int> CacheMb = new("--cache-mb")
    {
        Description = "Megabytes of task files to keep on this machine",
        HelpName = "megabytes",
        DefaultValueFactory = static _ => 10_240,
    };
    private static readonly Option<bool> TaskFiles = new("--files")
    {
        Description = "With --exec: also take tasks with files or outputs. The program then runs in a folder of the " +
            "task's own, where the submitter's files lie: name its own by absolute paths or $WEFT_WORKER_DIR",
    };
    private static readonly Option<bool> Text = new("--text")
    {
        Description = "Treat results as text even if they look like JSON",
    };

    // The features that browsers have, and one that they don't.
    private static readonly string[] EngineLabels = ["wasi", "simd", "native"];

    private static int PerProcessor => Math.Min(Environment.ProcessorCount, ConcurrencyMax);

    public static Command Create() =>
        new Command(Name, "Run a program for each task. Ctrl+C finishes running tasks; a second Ctrl+C stops them " +
            "and releases their leases.")
        {
            Exec, Python, Modules, Engine, Queues, Concurrency, LeaseSeconds, Capabilities, WorkerId, TaskFiles,
            CacheMb, Text,
        }.Remote(RunAsync).WithExamples(
            """weft worker --queue squares --exec 'read n; echo $((n * n))' --concurrency 4""",
            "weft worker --python --queue squares",
            "weft worker --modules --queue squares",
            "weft worker --exec ./work.py --concurrency auto --url http://192.0.2.2:8080 --token-file token");

    private static async Task<int> RunAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var program = await FindPythonAsync(flags, stop);
        var engine = flags.GetValue(Modules) ? EngineFolder.Find(flags.GetValue(Engine)) : null;
        ExecSignals.HandDownDefaults();
        ExecSignals.HideFromPrograms();
        using var interrupt = new ExecInterrupt();
        var report = new ExecReport(flags.WantsJson(), TimeProvider.System);
        var key = new WorkerKeyFile(api.Url);
        var options = Read(flags, program, engine) with
        {
            Observed = report.Note, WorkerKey = key.Read(), Registered = key.Write,
        };
        using var orphans = engine is null ? ExecOrphans.TryBegin(TimeProvider.System) : null;
        var client = api.Client.RetryingFor(new WeftClientOptions().RetryTimeMax);
        if (ExecLimits.ProgramsMax() is var most && most < options.Concurrency)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"weft: The limit on open files (ulimit -n) allows {most} {(most == 1 ? "program" : "programs")} at " +
                $"once, " +
                $"not {options.Concurrency}."));
            options = options with { Concurrency = most };
        }

        var (blobs, tasks) = (Path.Combine(CacheFolder.Path(), "blobs"), Path.Combine(CacheFolder.Path(), "tasks"));
        if ((CacheFolder.FindFault(blobs) ?? CacheFolder.FindFault(tasks)) is { } unsafeCache)
            throw new CommandFailure(unsafeCache);
        using var cache = new BlobCache(client, blobs, flags.GetValue(CacheMb) * (1L << 20), TimeProvider.System);
        var folders = new TaskFolders(cache, tasks);
        var outputs = new TaskOutputs(client);
        using var traces = TracesExport.Begin("weft-worker", ClientSpans.SourceName);
        await using var pool = program is null ? null : new PythonPool(program, options.Concurrency, orphans);
        using var modules = engine is null ? null : new ModulePool(engine, options.Concurrency);
        TaskHandler handler =
            modules is not null ? new ModuleHandler(
                modules, new(client, engine!), ModuleMemory.OfThisMachine(), folders, outputs,
                TimeProvider.System).RunAsync :
            pool is not null ? new PythonHandler(pool, new(client), folders, outputs, TimeProvider.System).RunAsync :
            new ExecHandler(
                new(flags.GetValue(Exec)!, OutputBytesMax, orphans), folders, outputs, flags.GetValue(Text),
                TimeProvider.System).RunAsync;
        Console.Error.WriteLine(Describe(options, api.Url));
        if (program is not null) Console.Error.WriteLine(Warn(program));
        using var ended = new CancellationTokenSource();
        var counting = report.CountAsync(ended.Token);
        try
        {
            await new WorkerLoop(client, options, handler).RunAsync(interrupt.Drain, interrupt.Kill);
        }
        catch (WeftException refused)
        {
            throw api.Explain(refused);
        }
        finally
        {
            await ended.CancelAsync();
            await counting;
        }

        return interrupt.Kill.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Ok;
    }

    /// <summary>Null: the worker runs a program.</summary>
    private static async Task<PythonProgram?> FindPythonAsync(ParseResult flags, CancellationToken stop)
    {
        bool[] runs = [flags.GetResult(Exec) is not null, flags.GetResult(Python) is not null, flags.GetValue(Modules)];
        if (runs.Count(static each => each) != 1)
        {
            throw new UsageFailure("Say what the worker runs: --exec COMMAND, --python or --modules.");
        }
        if (flags.GetValue(Text) && !runs[0]) throw new UsageFailure("--text goes with --exec.");
        if (flags.GetResult(Engine) is not null && !runs[2]) throw new UsageFailure("--engine goes with --modules.");
        if (!runs[1]) return null;
        return await PythonProgram.FindAsync(flags.GetValue(Python) ?? PythonDefault, stop);
    }

    private static WorkerOptions Read(ParseResult flags, PythonProgram? program, EngineFolder? engine) => new()
    {
        WorkerId = flags.GetValue(WorkerId) ?? new WorkerOptions().WorkerId,
        Queues = flags.GetValue(Queues) is { Length: > 0 } queues ? queues : null,
        Concurrency = flags.GetValue(Concurrency) ?? (program is null && engine is null ? 1 : PerProcessor),
        ModulesOnly = program is not null || engine is not null,
        Lease = flags.GetValue(LeaseSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Capabilities = LabelsOf(flags, program, engine) is { Length: > 0 } capabilities ? capabilities : null,
    };

    private static string Describe(WorkerOptions options, Uri url)
    {
        var queues = options.Queues is { } named ? string.Join(", ", named) : "default";
        return string.Create(CultureInfo.InvariantCulture,
            $"weft: Working as {options.WorkerId} for {url}, queue {OneLine.Of(queues)}, {options.Concurrency} at " +
            $"once. Press Ctrl+C to stop.");
    }

    private static string[] LabelsOf(ParseResult flags, PythonProgram? program, EngineFolder? engine) =>
        [.. flags.GetValue(Capabilities) ?? [], .. program?.Labels ?? [],
            .. engine is null ? [] : EngineLabels, .. program is null && engine is null ? [] : MemoryOf(flags),
            .. TakesFiles(flags, program, engine) ? (string[])[ModuleKinds.Files] : []];

    // A submitter's file may have the name of what a program runs or reads: its operator has to want that.
    private static bool TakesFiles(ParseResult flags, PythonProgram? program, EngineFolder? engine) =>
        program is not null || engine is not null || flags.GetValue(TaskFiles);

    // The machine's processors, or those that this process may use, unless the user sets a number.
    private static string[] MemoryOf(ParseResult flags) =>
        flags.GetValue(Capabilities)?.Any(static given => given.StartsWith($"{ModuleKinds.Memory}=",
            StringComparison.Ordinal)) == true
            ? []
            : [$"{ModuleKinds.Memory}={GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20}"];

    private static string Warn(PythonProgram program) =>
        $"weft: Running Python {program.Version} without a sandbox: a script can do whatever this user can, and " +
        "comes from anybody who may submit to the coordinator.";

    private static int? ReadConcurrency(ArgumentResult given)
    {
        var text = given.Tokens[0].Value;
        if (text == Auto) return PerProcessor;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value is >= 1 and <= ConcurrencyMax)
        {
            return value;
        }
        given.AddError($"--concurrency: '{text}' is neither auto nor a number from 1 to {ConcurrencyMax}.");
        return default;
    }
}
