using System.Runtime.InteropServices;
using System.Text.Json;
using Weft.Bench;
using Weft.Bench.Http;
using Weft.Bench.Report;
using Weft.Bench.Scenarios;
using Weft.Bench.Servers;

const int BadAnswers = 1;
const int UsageError = 2;
const int Interrupted = 130;

SocketThreads.UseOne();
var command = BenchCommand.Create(RunAsync).Parse(args);
var exitCode = await command.InvokeAsync();
return command.Errors.Count > 0 ? UsageError : exitCode;

static async Task<int> RunAsync(BenchOptions options, CancellationToken stop)
{
    try
    {
        return await MeasureAsync(options, stop);
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        Console.Error.WriteLine("bench: interrupted");
        return Interrupted;
    }
    catch (InvalidOperationException failure)
    {
        Console.Error.WriteLine($"bench: {failure.Message}");
        return BadAnswers;
    }
}

static async Task<int> MeasureAsync(BenchOptions options, CancellationToken stop)
{
    var root = FindRoot();
    using var workspace = new Workspace(root);
    var run = new BenchRun(root, options, new ServerCatalog(root), workspace, Console.Error);
    var machine = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}";
    Console.WriteLine($"{Environment.ProcessorCount} cores, {machine}; stores on {workspace.FileSystem}; " +
        $"{options.Rounds} rounds of {options.Seconds} s");
    if (workspace.IsInMemory)
        Console.WriteLine("The stores are in memory: Weft's commits cost nothing here, so its figures say nothing " +
            "about a disk.");

    List<Samples> tables = [];
    foreach (var scenario in Scenario.Of(options.Store, options.Only))
        foreach (var table in await scenario.RunAsync(run, stop))
        {
            TextTable.Write(Console.Out, table);
            tables.Add(table);
        }

    if (options.JsonFile is not null)
    {
        var report =
            new BenchReport(TimeProvider.System.GetUtcNow(), machine, Environment.ProcessorCount, workspace.FileSystem,
                [.. tables.SelectMany(Figure.Of)], [.. tables.SelectMany(table => table.Remarks)]);
        await File.WriteAllTextAsync(options.JsonFile,
            JsonSerializer.Serialize(report, BenchJson.Default.BenchReport) + "\n", stop);
    }
    Console.WriteLine(run.Bad == 0 ? "\nEvery answer was right."
        : $"\n{run.Bad} BAD ANSWERS: the figures above are worth nothing.");
    return run.Bad == 0 ? 0 : BadAnswers;
}

static string FindRoot()
{
    for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        if (File.Exists(Path.Combine(folder.FullName, "Weft.slnx"))) return folder.FullName;
    throw new InvalidOperationException("weft-bench runs from inside of the repository: start it with ./bench.sh");
}
