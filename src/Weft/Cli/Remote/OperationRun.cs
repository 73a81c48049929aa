using System.Globalization;
using Weft.CommandLine;
using Weft.CommandLine.Terminal;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>Starts a bulk operation, shows its progress, and reports its result.</summary>
/// <param name="progress">Null: stderr is not a terminal.</param>
internal sealed class OperationRun(RemoteApi api, bool json, ProgressLine? progress)
{
    private readonly ProgressRate _rate = new(TimeProvider.System);

    /// <summary>Reports how many tasks it would change.</summary>
    public async Task<int> CountAsync(OperationRequest request, CancellationToken stop)
    {
        var found = await SendCountAsync(request, stop);
        if (json) JsonOutput.Print(found, WireJson.Default.OperationDryRun);
        else
        {
            var rest = found.Matched.Exact ? "" : "; there may be more";
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Counted.Of(found.Matched.Count, "task")} of {found.Looked} examined{rest}."));
        }

        return ExitCode.Ok;
    }

    public async Task<int> RunAsync(OperationRequest request, CancellationToken stop)
    {
        var total = progress is null ? null : (await SendCountAsync(request, stop)).Matched;
        var started = await api.PostAsync(
            "operations", request, WireJson.Default.OperationRequest, null, WireJson.Default.Operation, stop);
        try
        {
            var done = await api.AskAsync(() => api.Client.WaitForOperationAsync(
                started.Id, operation => Show(operation, total), stop));
            progress?.Clear();
            return Conclude(done);
        }
        catch (OperationCanceledException)
        {
            progress?.Clear();
            Console.Error.WriteLine(
                $"weft: Operation {started.Id} continues; stop it with 'weft operations stop {started.Id}'.");
            throw;
        }
    }

    private Task<OperationDryRun> SendCountAsync(OperationRequest request, CancellationToken stop) =>
        api.PostAsync(
            "operations", request with { DryRun = true }, WireJson.Default.OperationRequest, null,
            WireJson.Default.OperationDryRun, stop);

    private void Show(Operation operation, OperationMatch? total)
    {
        if (progress is null || total is null) return;
        var rate = _rate.Note(operation.Matched);
        progress.Show(columns => ProgressText.Of(
            operation.Matched, Math.Max(total.Count, operation.Matched), total.Exact, operation.Refused, rate,
            columns));
    }

    private int Conclude(Operation done)
    {
        if (json) JsonOutput.Print(done, WireJson.Default.Operation);
        else Console.Out.WriteLine(Describe(done));
        if (done.Refused > 0)
        {
            Console.Error.WriteLine(
                $"weft: {Counted.Of(done.Refused, "task")} could not be changed: their state, or a limit of their " +
                "owner, does not allow it.");
        }

        if (done.State == OperationStates.Stopped) Console.Error.WriteLine($"weft: Operation {done.Id} was stopped.");
        return done.Refused == 0 && done.State == OperationStates.Finished ? ExitCode.Ok : ExitCode.Failed;
    }

    private static string Describe(Operation done) => done.Action switch
    {
        OperationActions.Retry => $"{Counted.Of(done.Changed, "dead task")} made ready again.",
        OperationActions.Cancel => $"{Counted.Of(done.Changed, "task")} cancelled.",
        OperationActions.Delete => $"{Counted.Of(done.Changed, "task")} deleted.",
        _ => string.Create(
            CultureInfo.InvariantCulture, $"{Counted.Of(done.Changed, "task")} set to priority {done.Priority}."),
    };
}
