using System.Globalization;
using Weft.Torture.Checking;
using Weft.Torture.Faults;
using Weft.Torture.Histories;
using Weft.Torture.Load;
using Weft.Torture.Targets;

namespace Weft.Torture.Liars;

/// <summary>
/// One store's life among workers of which some lie, two in each network: rounds that end with a kill -9, then rest,
/// then judgement by what the harness knows.
/// </summary>
/// <param name="target">The coordinator.</param>
/// <param name="random">All chance.</param>
/// <param name="isApart">Answers must come from different networks; else only from different workers.</param>
/// <param name="isScrambled">The control: networks are told to the coordinator at random.</param>
/// <param name="attack">How those lie together in every round whose names decide; null: by turns.</param>
/// <param name="differs">The control: what is computed where names decide is no number, and half of the machines write
/// it with another sign.</param>
/// <param name="tasks">How many each round submits. Where they are more than usual, all of them come before the crash:
/// a rule that judges by shares needs many.</param>
internal sealed class LiarEpisode(
    TortureTarget target, Random random, bool isApart, bool isScrambled = false, string? attack = null,
    bool differs = false, int tasks = LiarEpisode.TasksPerRound)
{
    public const int Copies = 2;
    public const int TasksPerRound = 90;
    private const int HonestFirst = 3;
    private const int LiesMax = 2;

    /// <summary>What is promised where names decide.</summary>
    public const double MaxWrong = 0.1;

    /// <summary>The share of workers that lies there.</summary>
    public const double Hostile = 0.25;
    private static readonly TimeSpan RestTimeMax = TimeSpan.FromSeconds(90);

    // Six networks. Where two liars agree, four honest answers outvote them; should one of the four be the lie of a
    // tenth, nobody leads by two, and the task waits for the networks that come at rest.
    private static readonly LieOf[] Lies =
    [
        LieOf.AllTogether, LieOf.AllTogether, LieOf.AllTogether, LieOf.AllAlone, LieOf.TenthAlone, LieOf.Nothing,
        LieOf.Nothing, LieOf.Nothing, LieOf.Nothing, LieOf.Nothing, LieOf.Nothing, LieOf.Nothing,
    ];

    private const int NetworksAtRest = 2;

    private readonly VerifiedStore _store = new();
    private readonly int _firstAttack = random.Next(1, LiarPlot.Attacks.Count);
    private readonly List<LiarPlot> _plots = [];

    /// <summary>How they lied, round by round.</summary>
    public string Attacks => string.Join(", ", _plots.Select(static plot => plot.Attack));

    /// <summary>Tasks that have a result, and those whose result is wrong.</summary>
    public (int Told, int Wrong) Told { get; private set; }

    public int Answers => _store.Answers.Count;

    /// <summary>All answers, for the tally, and to be kept where something was violated.</summary>
    public History Record()
    {
        var history = new History();
        foreach (var answer in _store.Answers)
        {
            history.Add(new()
            {
                Kind = OperationKind.Complete, Outcome = answer.Outcome, Token = answer.Token, Result = answer.Result,
                Payload = $"{answer.Task} by {answer.Worker} in {answer.Network}",
            });
        }

        return history;
    }

    public async Task<IReadOnlyList<Violation>> RunAsync(int rounds)
    {
        LiarWorker[] workers = [.. Workers(isCalm: false)];
        var watch = new LiarWatch(_store, new(random.Next()));
        for (var round = 0; round < rounds; round++)
        {
            if (!await StartAsync()) return [.. _store.Violations];
            _plots.Add(NextPlot());
            using var stop = new CancellationTokenSource();
            var submits = SubmitAsync(stop.Token);
            var load = Task.WhenAll(workers.Select(worker => worker.RunAsync(target.Surface, stop.Token))
                .Append(watch.RunAsync(target.Surface, stop.Token)).Append(submits));
            if (tasks > TasksPerRound) await submits;
            await WorkAsync(_store.Answers.Count + random.Next(30, 120));
            await CrashAsync();
            await stop.CancelAsync();
            await load;
            foreach (var finding in await target.CheckAsync())
            {
                _store.Violations.Enqueue(new("I11", $"After a crash, weft check: {finding}"));
            }
        }

        if (!await StartAsync()) return [.. _store.Violations];
        target.ComeToRest();
        if (!_plots.Exists(static plot => plot.Colludes)) await SeeNobodyHonestIsBarredAsync(workers);
        // The control has been caught: with everybody barred, nobody is left to decide the rest.
        if (differs && _store.Violations.Any(static violation => violation.Invariant == "V7"))
            return [.. _store.Violations];
        var decided = await RestAsync();
        Told = (decided.Count(static task => task.Result is not null), decided.Count(static task => task.IsWrong));
        if (differs && decided.Find(static task => task is { IsAdaptive: true, State: "dead" }) is { } dead)
        {
            _store.Violations.Enqueue(new("V7", $"Task {dead.Id} is dead, and nobody has lied."));
        }

        if (Told.Told == 0) _store.Violations.Enqueue(new("I12", "No verified task has a result."));
        return
        [
            .. _store.Violations, .. VerifiedRules.Check(decided, _store.Answers, Copies, isApart),
            .. VerifiedRules.Promise(decided, MaxWrong),
        ];
    }

    private LiarPlot NextPlot() => new(
        attack ?? LiarPlot.Attacks[(_firstAttack + _plots.Count) % LiarPlot.Attacks.Count], HonestFirst, LiesMax,
        new(random.Next()));

    // Of several coordinators, one dies and comes back while the others work, before all die.
    private async Task CrashAsync()
    {
        if (target is SharedTarget shared)
        {
            var victim = await shared.KillOneAsync(random);
            await victim.StartAsync();
            await WorkAsync(_store.Answers.Count + random.Next(20, 60));
        }

        await target.KillAsync();
    }

    /// <summary>V7, as long as nobody could make an honest worker look wrong.</summary>
    private async Task SeeNobodyHonestIsBarredAsync(IEnumerable<LiarWorker> workers)
    {
        using var client = new TortureClient(target.Surface);
        var found = await client.GetAsync($"api/v1/queues/{VerifiedQueues.Adaptive}/verification");
        var barred = found.Json.GetProperty("suspects").EnumerateArray()
            .Where(static suspect => suspect.GetProperty("barred").GetBoolean())
            .Select(static suspect => suspect.GetProperty("worker").GetString()).ToHashSet();
        foreach (var worker in workers.Where(worker => worker.IsHonest && barred.Contains(worker.PublicName)))
        {
            _store.Violations.Enqueue(new("V7", $"{worker.Name} is honest, and is barred."));
        }
    }

    private IEnumerable<LiarWorker> Workers(bool isCalm) => Lies.Select((lie, i) => new LiarWorker(
        _store, $"worker-{i}", network: i / 2, lie, () => _plots[^1], new(random.Next()), isScrambled, isCalm)
        {
            HasOtherSign = differs && i / 2 % 2 == 0,
        });

    private IEnumerable<LiarWorker> WorkersAtRest() => Workers(isCalm: true).Concat(
        Enumerable.Range(Lies.Length / 2, NetworksAtRest).Select(network => new LiarWorker(
            _store, $"rest-{network}", network, LieOf.Nothing, () => _plots[^1], new(random.Next()), isScrambled,
            isCalm: true)));

    private async Task<bool> StartAsync()
    {
        if (await target.StartAsync()) return true;
        _store.Violations.Enqueue(new("I11", $"The coordinator does not start again: {target.Printed}"));
        return false;
    }

    // A crash before there was any work proves nothing, however busy the machine is.
    private async Task WorkAsync(int answers)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (_store.Answers.Count < answers && TimeProvider.System.GetElapsedTime(start) < RestTimeMax)
        {
            await Pause.RandomAsync(random, 20, 100);
        }
    }

    private async Task SubmitAsync(CancellationToken stop)
    {
        using var client = new TortureClient(target.Surface);
        for (var i = 0; i < tasks && !stop.IsCancellationRequested; i++)
        {
            var answer = await SubmitAsync(client, isAdaptive: i % 3 > 0);
            if (answer.IsGone && !client.HasOthers) return;
        }
    }

    private async Task<Answer> SubmitAsync(TortureClient client, bool isAdaptive)
    {
        var number = _store.NextNumber(isAdaptive);
        var how = isAdaptive
            ? string.Create(CultureInfo.InvariantCulture, $"\"maxWrong\":{MaxWrong},\"assumeHostile\":{Hostile}")
            : $"\"mode\":\"all\",\"copies\":{Copies}";
        var queue = isAdaptive ? VerifiedQueues.Adaptive : VerifiedQueues.All;
        var verify = $"{{{how},\"apart\":\"{(isApart ? "network" : "worker")}\"}}";
        var answer = await client.PostAsync("api/v1/tasks", $$"""
            {"queue":"{{queue}}","payload":{{number}},"maxAttempts":20,"leaseSeconds":1,"verify":{{verify}} }
            """);
        if (answer.IsOk) _store.Submitted(answer.Json.GetProperty("id").GetInt64(), number);
        return answer;
    }

    // Workers who neither fail nor come late, until every task is decided on.
    private async Task<List<VerifiedTask>> RestAsync()
    {
        using var stop = new CancellationTokenSource();
        var work = Task.WhenAll(WorkersAtRest().Select(worker => worker.RunAsync(target.Surface, stop.Token)));
        using var client = new TortureClient(target.Surface);
        var start = TimeProvider.System.GetTimestamp();
        var open = new Queue<long>(_store.Numbers.Keys.Order());
        while (open.TryPeek(out var id) && TimeProvider.System.GetElapsedTime(start) < RestTimeMax)
        {
            var answer = await client.GetAsync($"api/v1/tasks/{id}?wait=1");
            if (answer.IsOk && answer.Json.GetProperty("state").GetString() is "completed" or "dead") open.Dequeue();
        }

        await stop.CancelAsync();
        await work;
        if (open.Count > 0)
        {
            _store.Violations.Enqueue(
                new("I9", $"{open.Count} verified tasks are not decided on, the first is {open.Peek()}."));
        }

        var decided = new List<VerifiedTask>();
        foreach (var (id, number) in _store.Numbers) decided.Add(await ReadAsync(client, id, number));
        await target.StopAsync();
        return decided;
    }

    private async Task<VerifiedTask> ReadAsync(TortureClient client, long id, long number)
    {
        var task = await client.GetAsync($"api/v1/tasks/{id}");
        var answers = await client.GetAsync($"api/v1/tasks/{id}/answers");
        if (!task.IsOk || !answers.IsOk)
        {
            _store.Violations.Enqueue(
                new("I1", $"Task {id} was acknowledged, and is answered {task.Status}.", Harm.Lost));
            return new(number, id, "lost", null, []);
        }

        return new(number, id, task.Json.GetProperty("state").GetString()!,
            task.Json.TryGetProperty("result", out var result) ? result.GetRawText() : null,
            [.. answers.Json.GetProperty("answers").EnumerateArray().Select(static answer => new VerifiedReceipt(
                answer.GetProperty("worker").GetString()!, answer.GetProperty("network").GetString()!,
                answer.TryGetProperty("sha256", out var hash) ? hash.GetString() : null,
                answer.GetProperty("verdict").GetString()!, answer.GetProperty("role").GetString()!))])
        {
            IsAdaptive = _store.IsAdaptive(number),
            Corrections = answers.Json.TryGetProperty("corrections", out var corrections)
                ?
                [
                    .. corrections.EnumerateArray().Select(static correction =>
                        correction.TryGetProperty("result", out var right)
                            ? VerifiedAnswer.HashOf(right.GetRawText())
                            : null),
                ]
                : [],
        };
    }
}
