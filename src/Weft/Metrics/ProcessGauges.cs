using System.Diagnostics.Metrics;
using System.Reflection;
using Weft.Serve;

namespace Weft.Metrics;

/// <summary>
/// Metrics of the process and its runtime, under the names that common dashboards use; and Weft's version.
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
            "weft.build.info", () => new Measurement<long>(1, build), description: "The version of Weft");
        meter.CreateObservableGauge(
            "weft.start.time", () => started, "s", "When the coordinator started, in Unix time");

        meter.CreateObservableCounter("process.cpu", static () => Environment.CpuUsage.TotalTime.TotalSeconds,
            "s", "Processor time used");
        meter.CreateObservableGauge(
            "process.resident.memory", static () => Environment.WorkingSet, "By", "Memory in use");
        meter.CreateObservableGauge("process.open.fds", OpenFds, description: "Open files, including sockets");
        meter.CreateObservableGauge("process.max.fds", MaxFds, description: "Limit of open files");

        meter.CreateObservableCounter("dotnet.gc.collections", Collections, "{collection}", "Garbage collections");
        meter.CreateObservableCounter("dotnet.gc.pause", static () => GC.GetTotalPauseDuration().TotalSeconds,
            "s", "Time for which garbage collections paused the process");
        meter.CreateObservableGauge("dotnet.gc.heap", static () => GC.GetGCMemoryInfo().HeapSizeBytes,
            "By", "The managed heap after the last collection");
        meter.CreateObservableGauge("dotnet.threadpool.queue.length", static () => ThreadPool.PendingWorkItemCount,
            description: "Work items waiting for a thread of the pool");
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
