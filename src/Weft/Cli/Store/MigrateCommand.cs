using System.CommandLine;
using System.Globalization;
using Weft.Cli.Remote;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.Core.Storage;
using Weft.Storage.Import;

namespace Weft.Cli.Store;

/// <summary>
/// <c>weft migrate</c>: copies a store from its folder into a PostgreSQL database that coordinators can share.
/// </summary>
internal static class MigrateCommand
{
    private const string ToVariable = "WEFT_STORE";

    public static Command Create()
    {
        var from = new Option<string>("--from")
        {
            Description = "Data folder of a stopped coordinator; it is not changed",
            HelpName = "folder",
            Required = true,
        };
        var to = new Option<string?>("--to")
        {
            Description = $"Empty PostgreSQL database, such as 'Host=localhost;Database=weft' [default: {ToVariable}]",
            HelpName = "connection",
        };
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Command("migrate",
            "Copy a data folder to PostgreSQL and verify the copy. If interrupted, run it again to continue.")
        {
            from, to, json,
        };
        command.SetAction((flags, _) =>
            RunAsync(flags.GetRequiredValue(from), flags.GetValue(to), flags.GetValue(json)));
        return command.WithExamples("weft migrate --from weft-data --to 'Host=localhost;Database=weft'");
    }

    private static async Task<int> RunAsync(string from, string? to, bool json)
    {
        to ??= Environment.GetEnvironmentVariable(ToVariable);
        if (string.IsNullOrEmpty(to))
        {
            throw new UsageFailure($"No destination: give --to 'Host=…;Database=…', or set {ToVariable}.");
        }
        using var interrupt = new Interrupt();
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            var report = await MigrateProgress.ShowAsync(told =>
                StoreImport.RunAsync(new() { Folder = from, ConnectionString = to, Progressed = told },
                    interrupt.Token));
            Print(report, TimeProvider.System.GetElapsedTime(began), json);
            return ExitCode.Ok;
        }
        catch (StoreException exception)
        {
            throw new CommandFailure(exception.Message);
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            Console.Error.WriteLine("weft: Interrupted. Run the same command again to continue.");
            return ExitCode.Interrupted;
        }
    }

    private static void Print(ImportReport report, TimeSpan time, bool json)
    {
        if (json)
        {
            JsonOutput.Print(new MigrateReport(report.Tasks, report.Groups, report.Keys, report.Tokens, report.Modules,
                report.Digest, Math.Round(time.TotalSeconds, 3)), RemoteJson.Default.MigrateReport);
            return;
        }

        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Counted.Of(report.Tasks, "task")}, {Counted.Of(report.Groups, "group")}, " +
                $"{Counted.Of(report.Keys, "idempotency key")}, {Counted.Of(report.Tokens, "token")} and " +
                $"{Counted.Of(report.Modules, "module")} copied and verified in {time.TotalSeconds:0.0} s."));
        Console.Out.WriteLine($"SHA-256 of the tasks, the same on both sides: {report.Digest}");
    }
}

/// <summary>What <c>weft migrate --json</c> prints.</summary>
/// <param name="Digest">The SHA-256 of all tasks, equal on both sides, in hex.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record MigrateReport(long Tasks, long Groups, long Keys, long Tokens, long Modules, string Digest,
    double Seconds);
