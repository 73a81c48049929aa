using System.Globalization;
using System.Text.Json;
using Weft.Torture.Scenarios;
using Weft.Torture.Targets;

namespace Weft.Torture.Liars.Table;

/// <summary>
/// What is promised of the results of strangers, counted: among workers of which some lie, how many results are told
/// wrong, and how often each task is computed, beside what <c>weft verify plan</c> says.
/// </summary>
internal static class TableScenario
{
    // One simulated run is as random as this one; the mean of some is not.
    private const int PlansMean = 5;

    /// <returns>Whether each row kept the promise, at the predicted price.</returns>
    public static async Task<bool> RunAsync(TortureOptions options, TableOptions table, TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{TableOptions.Workers} workers, {table.Liars} of them hostile, {table.Tasks:N0} tasks of " +
            $"{table.Work.TotalMilliseconds:0} ms, maxWrong {table.MaxWrong}, seed {options.Seed}, {options.Binary}"));
        output.WriteLine(
            "attack             told wrong     may be  at the end  dead  copies  predicted        barred, honest");
        var isKept = true;
        // Side by side: workers spend their time waiting.
        using var stop = new CancellationTokenSource();
        var rows = table.Attacks.Select(attack => RunAsync(options, table, attack, stop)).ToArray();
        await Task.WhenAll(rows).ContinueWith(static _ => { }, TaskScheduler.Default);
        foreach (var running in rows)
        {
            var row = await running;
            var isNear = Math.Abs(row.Deviation) <= TableRow.CopiesTolerance;
            isKept &= row.KeepsPromise(table.MaxWrong) && isNear && row.BarredHonest == 0;
            var (told, copies) = (row.KeepsPromise(table.MaxWrong) ? "ok  " : "OVER", isNear ? "ok " : "OFF");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{row.Attack,-18} {row.Wrong,5} {(double)row.Wrong / row.Told,8:0.0e-0} " +
                $"{table.MaxWrong * row.Told,6:0} {told} {row.WrongAtEnd,7} {row.Dead,5} {row.CopiesEach,7:0.000} " +
                $"{row.Predicted,10:0.000} {row.Deviation,6:+0.0 %;-0.0 %} {copies} {row.BarredHostile,6} " +
                $"{row.BarredHonest,7}"));
        }

        return isKept;
    }

    private static async Task<TableRow> RunAsync(
        TortureOptions options, TableOptions table, string attack, CancellationTokenSource stop)
    {
        try
        {
            return await RunAsync(options, table, attack, stop.Token);
        }
        catch
        {
            // No coordinator is left behind.
            await stop.CancelAsync();
            throw;
        }
    }

    private static async Task<TableRow> RunAsync(
        TortureOptions options, TableOptions table, string attack, CancellationToken stop)
    {
        var predicted = 0.0;
        for (var seed = 1; seed <= PlansMean; seed++) predicted += await PlanAsync(options, table, attack, seed);
        using var place = new Place(options.Folder);
        // Networks are told by the header of a trusted proxy: all workers are on this machine.
        await using var target = new WeftTarget(
            options.Binary, place.Data, null, "--trusted-proxies", "127.0.0.1", "--open");
        if (!await target.StartAsync()) throw new InvalidOperationException($"It does not start: {target.Printed}");
        var row = await new TableRun(target, table, attack, new(options.Seed)).RunAsync(predicted / PlansMean, stop);
        await target.StopAsync();
        if (await target.CheckAsync() is { Count: > 0 } findings)
            throw new InvalidOperationException($"weft check: {findings[0]}");
        return row;
    }

    private static async Task<double> PlanAsync(
        TortureOptions options, TableOptions table, string attack, int seed)
    {
        var (exitCode, output) = await Tool.RunAsync(options.Binary, "verify", "plan",
            "--workers", $"{TableOptions.Workers}", "--tasks", $"{table.TasksEach}",
            "--hostile", table.Hostile.ToString(CultureInfo.InvariantCulture),
            "--max-wrong", table.MaxWrong.ToString(CultureInfo.InvariantCulture),
            "--attack", attack, "--seed", $"{seed}", "--json");
        if (exitCode != 0) throw new InvalidOperationException($"weft verify plan: {output}");
        return JsonElement.Parse(output.Trim()).GetProperty("copies").GetDouble();
    }
}
