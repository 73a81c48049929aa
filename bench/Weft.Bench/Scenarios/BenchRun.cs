using Weft.Bench.Servers;

namespace Weft.Bench.Scenarios;

/// <summary>What one run of the bench gives its scenarios.</summary>
internal sealed class BenchRun(string root, BenchOptions options, ServerCatalog servers, Workspace workspace,
    TextWriter progress)
{
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    /// <summary>Where the repository lies.</summary>
    public string Root => root;

    public BenchOptions Options => options;
    public ServerCatalog Servers => servers;
    public Workspace Workspace => workspace;
    public TimeSpan MeasuredTime => TimeSpan.FromSeconds(options.Seconds);

    /// <summary>How many wrong answers there were in all scenarios, warm-ups included.</summary>
    public long Bad { get; private set; }

    /// <summary>Counts wrong answers, and says at once what the first of them was.</summary>
    public void AddBad(string server, long count, string? first)
    {
        Bad += count;
        if (count > 0) Say($"{server}: {count} bad, the first: {first}");
    }

    /// <summary>Progress goes to stderr: stdout carries the tables only.</summary>
    public void Say(string line) => progress.WriteLine(line);
}
