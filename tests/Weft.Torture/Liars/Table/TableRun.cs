using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Weft.Torture.Load;
using Weft.Torture.Targets;

namespace Weft.Torture.Liars.Table;

/// <summary>One world on a running coordinator: all tasks are there from the start, and everybody works.</summary>
internal sealed class TableRun(TortureTarget target, TableOptions options, string attack, Random random)
{
    private const int SubmitMax = 1_000;
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TimeMax = TimeSpan.FromHours(2);

    private readonly ConcurrentDictionary<long, long> _numbers = new();
    private int _network;
    private long _group;
    private long _copies;
    private long _firstCopies;
    private long _lastAnswerAt;
    private int _barredHostile;
    private int _barredHonest;

    public const string Queue = "table";

    public LiarPlot Plot { get; } = new(
        attack, options.TasksEach / 2, Math.Max(1, (int)Math.Round(options.TasksEach / 2 / FreeAnswers(options))),
        random);

    /// <summary>All tasks have been given to somebody: who gets none then is not barred for that.</summary>
    public bool IsRunningOut => Interlocked.Read(ref _firstCopies) >= options.Tasks - TableOptions.Workers;

    public TimeSpan Work => options.Work;

    /// <summary>A network of its own, for a new name.</summary>
    public string NextAddress()
    {
        var network = Interlocked.Increment(ref _network);
        return $"{81 + (network >> 16)}.{(network >> 8) & 255}.{network & 255}.7";
    }

    /// <summary>What a task asks, and whether this is its first copy.</summary>
    public bool IsFirst(long id) => _numbers.ContainsKey(id);

    public void Took(bool isFirst)
    {
        if (isFirst) Interlocked.Increment(ref _firstCopies);
    }

    public void Answered()
    {
        Interlocked.Increment(ref _copies);
        Interlocked.Exchange(ref _lastAnswerAt, TimeProvider.System.GetTimestamp());
    }

    public void Barred(bool isHostile) => Interlocked.Increment(ref isHostile ? ref _barredHostile : ref _barredHonest);

    /// <summary>Runs it to its end.</summary>
    /// <param name="predicted">Copies of each task that were predicted.</param>
    /// <param name="end">Ends it without a row.</param>
    public async Task<TableRow> RunAsync(double predicted, CancellationToken end)
    {
        using var client = new TortureClient(target.Surface);
        await SubmitAsync(client);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(end);
        var work = Task.WhenAll(Enumerable.Range(0, TableOptions.Workers).Select(worker =>
            new TableWorker(this, worker, isHostile: worker < options.Liars && attack != "none", new(random.Next()))
                .RunAsync(target.Surface, stop.Token)));
        await FinishAsync(client, end);
        await stop.CancelAsync();
        await work;
        var results = await ReadResultsAsync(client);
        var corrected = await ReadCorrectionsAsync(client);
        var told = results.Where(static result => result.Value is not null).ToDictionary();
        return new(
            attack, told.Count, told.Count(result => result.Value != Truth(result.Key)),
            told.Count(result => corrected.GetValueOrDefault(result.Key, result.Value) is { } last
                && last != Truth(result.Key)),
            results.Count - told.Count, _copies, _barredHostile, _barredHonest, predicted);
    }

    private static double FreeAnswers(TableOptions options) =>
        options.Hostile / ((1 - options.Hostile) * options.MaxWrong);

    private string Truth(long id) =>
        VerifiedStore.Truth(_numbers[id]).ToString(CultureInfo.InvariantCulture);

    private async Task SubmitAsync(TortureClient client)
    {
        _group = Sound(await client.PostAsync("api/v1/groups", "{}")).GetProperty("id").GetInt64();
        var verify = string.Create(CultureInfo.InvariantCulture,
            $"{{\"maxWrong\":{options.MaxWrong},\"assumeHostile\":{options.Hostile}}}");
        for (var first = 0; first < options.Tasks; first += SubmitMax)
        {
            var count = Math.Min(SubmitMax, options.Tasks - first);
            var body = new StringBuilder("{\"tasks\":[");
            body.AppendJoin(',', Enumerable.Range(first + 1, count).Select(number => string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"queue\":\"{Queue}\",\"group\":{_group},\"payload\":{number},\"verify\":{verify}}}")));
            var outcomes = Sound(await client.PostAsync("api/v1/tasks/batch", body.Append("]}").ToString()))
                .GetProperty("outcomes").EnumerateArray();
            long submitted = first;
            foreach (var outcome in outcomes) _numbers[outcome.GetProperty("id").GetInt64()] = ++submitted;
        }
    }

    // Until every task is decided on, and audits have come to rest.
    private async Task FinishAsync(TortureClient client, CancellationToken end)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < TimeMax)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, end);
            if (TimeProvider.System.GetElapsedTime(Interlocked.Read(ref _lastAnswerAt)) < QuietTime) continue;
            var counts = Sound(await client.GetAsync($"api/v1/groups/{_group}")).GetProperty("counts");
            var decided = counts.GetProperty("completed").GetInt32() + counts.GetProperty("dead").GetInt32();
            if (decided == options.Tasks) return;
        }

        throw new InvalidOperationException("Tasks are not decided on.");
    }

    private async Task<Dictionary<long, string?>> ReadResultsAsync(TortureClient client)
    {
        var results = new Dictionary<long, string?>();
        for (var after = "f0"; ;)
        {
            var lines = (await client.GetTextAsync($"api/v1/groups/{_group}/results?after={after}"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonElement.Parse(line));
            foreach (var line in lines)
            {
                after = line.GetProperty("cursor").GetString()!;
                if (line.TryGetProperty("done", out var isDone) && isDone.GetBoolean()) return results;
                if (!line.TryGetProperty("id", out var id)) continue;
                results[id.GetInt64()] =
                    line.TryGetProperty("result", out var result) ? result.GetRawText() : null;
            }
        }
    }

    private async Task<Dictionary<long, string?>> ReadCorrectionsAsync(TortureClient client)
    {
        var corrected = new Dictionary<long, string?>();
        for (var after = "c0"; ;)
        {
            var page = Sound(await client.GetAsync($"api/v1/groups/{_group}/corrections?after={after}"));
            foreach (var correction in page.GetProperty("corrections").EnumerateArray())
            {
                corrected[correction.GetProperty("id").GetInt64()] =
                    correction.TryGetProperty("result", out var result) ? result.GetRawText() : null;
            }

            if (!page.TryGetProperty("next", out var next)) return corrected;
            after = next.GetString()!;
        }
    }

    private static JsonElement Sound(Answer answer) => answer.IsOk
        ? answer.Json
        : throw new InvalidOperationException($"The coordinator answered {answer.Status}: {answer.Json}");
}
