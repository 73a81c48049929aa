using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Weft.Bench.Report;
using Weft.Bench.Servers;

namespace Weft.Bench.Scenarios;

/// <summary>
/// How fast a file is pushed and fetched over loopback, beside copies of it on the same disk: a plain one, which is in
/// the system's memory when it ends, and one that is synced, as a push is.
/// </summary>
internal static class FilesScenario
{
    public static readonly Scenario Definition =
        new("files", "a file of 128 MiB: push and fetch, beside copies on the same disk", RunAsync);

    public static readonly Cell Push = new("weft", "push");
    public static readonly Cell Fetch = new("weft", "fetch");
    private static readonly Cell Copy = new("copy", "plain");
    private static readonly Cell SyncedCopy = new("copy", "synced");

    private const int FileBytes = 128 << 20;
    private const int BufferBytes = 1 << 20;

    private static async Task<IReadOnlyList<Samples>> RunAsync(BenchRun run, CancellationToken stop)
    {
        var samples = NewSamples();
        samples.AddMissing([run.Servers.Weft]);
        if (samples.Remarks.Count > 0) return [samples];
        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            run.Say($"files: round {round} of {run.Options.Rounds}");
            await using var server = await RunningServer.StartAsync(run.Servers.Weft, run.Workspace.NewStore(), stop);
            await MeasureAsync(run, server.Address, samples, stop);
        }

        return [samples, Ratios(samples)];
    }

    public static Samples NewSamples() => new($"A file of {FileBytes >> 20} MiB");

    /// <summary>Measures one round, each side after the other.</summary>
    public static async Task MeasureAsync(BenchRun run, IPEndPoint address, Samples samples, CancellationToken stop)
    {
        var folder = Directory.CreateDirectory(run.Workspace.NewStore()).FullName;
        var (source, copy) = (Path.Combine(folder, "source"), Path.Combine(folder, "copy"));
        await File.WriteAllBytesAsync(source, RandomNumberGenerator.GetBytes(FileBytes), stop);
        // What was written before must not be written while something is measured.
        await RunProgramAsync("sync", [], stop);

        Add(samples, Copy, await TimeAsync(() => CopyAsync(source, copy, isSynced: false, stop)));
        File.Delete(copy);
        await RunProgramAsync("sync", [], stop);
        Add(samples, SyncedCopy, await TimeAsync(() => CopyAsync(source, copy, isSynced: true, stop)));
        File.Delete(copy);
        var hash = "";
        Add(samples, Push, await TimeAsync(async () => hash = (await RunProgramAsync(run.Servers.Weft.Program,
            ["blob", "push", source, "--url", $"http://{address}"], stop)).Trim()));
        await RunProgramAsync("sync", [], stop);
        Add(samples, Fetch, await TimeAsync(() => FetchAsync(address, hash, copy, stop)));
        await using var fetched = File.OpenRead(copy);
        if (Convert.ToHexStringLower(await SHA256.HashDataAsync(fetched, stop)) != hash)
        {
            run.AddBad("weft", 1, "other bytes came back");
        }
        Directory.Delete(folder, recursive: true);
    }

    public static Samples Ratios(Samples samples)
    {
        var ratios = new Samples("Ratios of the same round");
        foreach (var (cell, name) in (ReadOnlySpan<(Cell, string)>)[(Push, "push"), (Fetch, "fetch")])
        {
            ratios.AddRatio(new Cell($"{name} / copy", "plain"), samples, cell, Copy, Metric.FileSpeed);
            ratios.AddRatio(new Cell($"{name} / copy", "synced"), samples, cell, SyncedCopy, Metric.FileSpeed);
        }
        return ratios;
    }

    private static void Add(Samples samples, Cell cell, TimeSpan time) =>
        samples.Add(cell, Metric.FileSpeed, (FileBytes >> 20) / time.TotalSeconds);

    private static async Task<TimeSpan> TimeAsync(Func<Task> action)
    {
        var started = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(started);
    }

    private static async Task CopyAsync(string source, string target, bool isSynced, CancellationToken stop)
    {
        await RunProgramAsync("dd",
            [$"if={source}", $"of={target}", $"bs={BufferBytes}", .. isSynced ? (string[])["conv=fsync"] : []], stop);
    }

    private static async Task FetchAsync(IPEndPoint address, string hash, string target, CancellationToken stop)
    {
        using var http = new HttpClient();
        await using var body = await http.GetStreamAsync(new Uri($"http://{address}/api/v1/blobs/{hash}"), stop);
        await using var file = File.Create(target);
        await body.CopyToAsync(file, BufferBytes, stop);
    }

    private static async Task<string> RunProgramAsync(string program, string[] arguments, CancellationToken stop)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
        await process.WaitForExitAsync(stop);
        return process.ExitCode == 0 ? await output
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await error}");
    }
}
