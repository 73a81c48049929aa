using Weft.Testing.Postgres;
using Weft.Torture;
using Weft.Torture.Controls;
using Weft.Torture.Liars;
using Weft.Torture.Liars.Table;
using Weft.Torture.Reporting;
using Weft.Torture.Scenarios;
using Weft.Torture.Targets;

const int Failed = 1;
const int UsageError = 2;

var command = TortureCommand.Create(RunAsync).Parse(args);
var exitCode = await command.InvokeAsync();
return command.Errors.Count > 0 ? UsageError : exitCode;

static async Task<int> RunAsync(TortureOptions options)
{
    if (!File.Exists(options.Binary))
    {
        Console.Error.WriteLine($"torture: there is no {options.Binary}: run ./build.sh, or name one with --binary");
        return Failed;
    }

    if (options.Table is { } table)
    {
        Directory.CreateDirectory(options.Folder);
        return await TableScenario.RunAsync(options, table, Console.Out) ? 0 : Failed;
    }

    if (options.IsShared && !PostgresServer.IsInstalled)
    {
        Console.Error.WriteLine("torture: --store postgres needs PostgreSQL: apt-get install postgresql");
        return Failed;
    }

    var start = TimeProvider.System.GetTimestamp();
    Directory.CreateDirectory(options.Folder);
    var tally = new Tally(options.Folder);
    if (options.IsShared) await RunSharedAsync(options, tally);
    else await RunFoldersAsync(options, tally);
    return Report.Write(Console.Out, tally, options, TimeProvider.System.GetElapsedTime(start)) ? 0 : Failed;
}

static async Task RunSharedAsync(TortureOptions options, Tally tally)
{
    await SharedScenario.RunAsync(options, tally);
    await FailoverScenario.RunAsync(options, tally);
    if (options.Liars > 0) await LiarScenario.RunSharedAsync(options, tally);
    await RetentionScenario.RunSharedAsync(options, tally);
    if (options.HasControls) await SharedControls.RunAsync(options, tally);
}

static async Task RunFoldersAsync(TortureOptions options, Tally tally)
{
    var noShim = await Shim.BuildAsync(options.Folder);
    var noPower = await Ext4Disk.FindObstacleAsync(options.Folder);

    if (options.Rounds > 0) await CrashScenario.RunAsync(options, tally, noShim is null);
    if (options.Liars > 0) await LiarScenario.RunAsync(options, tally);
    await RetentionScenario.RunAsync(options, tally);
    if (options.PowerLoss > 0)
    {
        if (noPower is null) await PowerScenario.RunAsync(options, tally);
        else tally.Skip($"{options.PowerLoss} power cuts", noPower);
    }

    if (noPower is null) await FullDiskScenario.RunAsync(options, tally);
    else tally.Skip("filling a real disk", noPower);

    if (options.EveryCall > 0)
    {
        if (noShim is null) await EveryCallScenario.RunAsync(options, tally);
        else tally.Skip("failing every call", noShim);
    }

    if (options.HasControls) await NegativeControls.RunAsync(options, tally, noShim, noPower);
    if (options is { HasControls: true, Liars: > 0 }) await LiarScenario.ControlAsync(options, tally);
}
