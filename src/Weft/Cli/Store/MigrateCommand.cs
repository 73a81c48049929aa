using System.CommandLine;
using System.Globalization;
using Weft.Cli.Remote;
using Weft.Core.Storage;
using Weft.Storage.Moving;

namespace Weft.Cli.Store;

/// <summary><c>weft migrate</c>: a store from its folder into a PostgreSQL database, to be shared by coordinators.</summary>
internal static class MigrateCommand
{
    private const string ToVariable = "WEFT_STORE";

    public static Command Create()
    {
        var from = new Option<string>("--from") { Description = "Data folder of a coordinator that is stopped; it is only read", HelpName = "folder", Required = true };
        var to = new Option<string?>("--to") { Description = $"Empty PostgreSQL database, as in 'Host=localhost;Database=weft' [default: {ToVariable}]", HelpName = "store" };
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Command("migrate", "Carry a store over from its folder to PostgreSQL, compared to the end. Stopped in the middle, it goes on when it is run again.") { from, to, json };
        command.SetAction((flags, _) => RunAsync(flags.GetRequiredValue(from), flags.GetValue(to), flags.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(string from, string? to, bool json)
    {
        to ??= Environment.GetEnvironmentVariable(ToVariable);
        if (string.IsNullOrEmpty(to)) throw new UsageFailure($"Say where to: --to 'Host=…;Database=…', or {ToVariable}.");
        using var interrupt = new Interrupt();
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            var report = await MigrateProgress.ShowAsync(told => StoreMove.RunAsync(new() { Folder = from, ConnectionString = to, Progressed = told }, interrupt.Token));
            Print(report, TimeProvider.System.GetElapsedTime(began), json);
            return ExitCode.Ok;
        }
        catch (StoreException exception)
        {
            throw new CommandFailure(exception.Message);
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            Console.Error.WriteLine("weft: Stopped in the middle. Run it again, and it goes on.");
            return ExitCode.Interrupted;
        }
    }

    private static void Print(MoveReport report, TimeSpan time, bool json)
    {
        if (json)
        {
            JsonOutput.Print(new MigrateReport(report.Tasks, report.Groups, report.Keys, report.Tokens, report.Modules, report.Digest, Math.Round(time.TotalSeconds, 3)), RemoteJson.Default.MigrateReport);
            return;
        }

        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{report.Tasks} tasks, {report.Groups} groups, {report.Keys} idempotency keys, {report.Tokens} tokens and {report.Modules} modules carried over in {time.TotalSeconds:0.0} s, and compared."));
        Console.Out.WriteLine($"sha256 of the tasks on both sides: {report.Digest}");
    }
}

/// <summary>What <c>weft migrate --json</c> prints.</summary>
/// <param name="Digest">The SHA-256 of all tasks, equal on both sides, in hex.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record MigrateReport(long Tasks, long Groups, long Keys, long Tokens, long Modules, string Digest, double Seconds);
