using System.Diagnostics.Metrics;
using System.Reflection;
using Weft.Serve;

namespace Weft.Metrics;

/// <summary>
/// The process and its runtime, by the names that other programs' boards know; and which Weft this is.
/// </summary>
internal sealed class ProcessGauges
{
    private const string OpenFilesFolder = "/proc/self/fd";

    public ProcessGauges(Meter meter, ServeOptions options, TimeProvider time)
    {
        var started = time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        KeyValuePair<string, object?>[] build =
        [
            new("version", WeftVersion.Text), new("commit", CommitOf(typeof(ProcessGauges).Assembly)),
            new("engine", options.Store is null ? "sqlite" : "postgres"),
        ];
        meter.CreateObservableGauge(
            "weft.build.info", () => new Measurement<long>(1, build), description: "Which Weft this is");
        meter.CreateObservableGauge(
            "weft.start.time", () => started, "s", "When the coordinator started, in Unix time");

        meter.CreateObservableCounter("process.cpu", static () => Environment.CpuUsage.TotalTime.TotalSeconds,
            "s", "Processor time used");
        meter.CreateObservableGauge(
            "process.resident.memory", static () => Environment.WorkingSet, "By", "Memory in use");
        meter.CreateObservableGauge("process.open.fds", OpenFds, description: "Open files, sockets among them");
        meter.CreateObservableGauge("process.max.fds", MaxFds, description: "Files that may be open");

        meter.CreateObservableCounter("dotnet.gc.collections", Collections, "{collection}", "Garbage collections");
        meter.CreateObservableCounter("dotnet.gc.pause", static () => GC.GetTotalPauseDuration().TotalSeconds,
            "s", "Time that garbage collections stopped the process for");
        meter.CreateObservableGauge("dotnet.gc.heap", static () => GC.GetGCMemoryInfo().HeapSizeBytes,
            "By", "The managed heap after the last collection");
        meter.CreateObservableGauge("dotnet.threadpool.queue.length", static () => ThreadPool.PendingWorkItemCount,
            description: "Work that waits for a thread of the pool");
    }

    private static IEnumerable<Measurement<long>> OpenFds() => Directory.Exists(OpenFilesFolder)
        ? [new(Directory.EnumerateFileSystemEntries(OpenFilesFolder).LongCount())]
        : [];

    private static IEnumerable<Measurement<long>> MaxFds() => OpenFiles.Max is { } max ? [new(max)] : [];

    private static IEnumerable<Measurement<long>> Collections() => Enumerable.Range(0, GC.MaxGeneration + 1).Select(
        static generation => new Measurement<long>(
            GC.CollectionCount(generation), new KeyValuePair<string, object?>("generation", $"gen{generation}")));

    private static string CommitOf(Assembly assembly)
    {
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        return version.IndexOf('+', StringComparison.Ordinal) is >= 0 and var at ? version[(at + 1)..] : "";
    }
}
