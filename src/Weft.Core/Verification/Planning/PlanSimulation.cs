namespace Weft.Core.Verification.Planning;

/// <summary>
/// Workers, some of them hostile, whose answers are decided on by <see cref="VerificationRules"/> itself. There is no
/// time in it: whoever is asked answers at once, and audits run before the next task.
/// </summary>
public sealed class PlanSimulation
{
    private static readonly IdentityId TrustedWorker = new(-1);

    private readonly PlanSettings _settings;
    private readonly PlanWorld _world;
    private readonly Func<Random, double> _toss;
    private readonly bool _audits;
    private readonly List<PlanBallot>[] _support;
    private readonly int[] _accepted;
    private readonly Queue<PlanWorker> _faulty = new();
    private long _median;
    private int _disputes;
    private int _corrections;

    private PlanSimulation(
        PlanSettings settings, PlanWorld world, Func<Random, double> toss, bool audits)
    {
        _settings = settings;
        _world = world;
        _toss = toss;
        _audits = audits;
        _support = new List<PlanBallot>[settings.Tasks];
        _accepted = new int[settings.Tasks];
    }

    /// <summary>Runs one.</summary>
    /// <param name="settings">The workers, and what is asked of results.</param>
    /// <param name="attack">What the hostile ones do.</param>
    /// <param name="seed">The same seed, the same run.</param>
    /// <param name="toss">Draws a coin; for tests of a rule that is broken on purpose.</param>
    /// <param name="audits">False: what was told is never looked at again; for the same tests.</param>
    public static PlanOutcome Run(
        PlanSettings settings, PlanAttack attack, int seed, Func<Random, double>? toss = null,
        bool audits = true)
    {
        var liesMax = attack.LiesMax
            ?? Math.Max(1, (int)Math.Round(settings.TasksEach / 2 / VerificationRules.FreeAnswers(settings.Policy)));
        var world = new PlanWorld(settings, attack, liesMax, seed);
        toss ??= static random => random.NextDouble();
        return new PlanSimulation(settings, world, toss, audits).Run();
    }

    private PlanOutcome Run()
    {
        var told = 0;
        for (var task = 0; task < _accepted.Length; task++)
        {
            if (task % _settings.Workers == 0) _median = _world.MedianAnswers();
            var worker = _world.Pick([])!;
            var answer = _world.AnswerOf(worker, task, isFirst: true);
            worker.Standing = worker.Standing.Answered();
            Settle(task, [new(worker, answer, AnswerRole.First)]);
            if (_accepted[task] > 0) told++;
            while (_faulty.TryDequeue(out var faulty)) Investigate(faulty);
        }

        return new(_accepted.Length, told, _accepted.Count(static answer => answer > 0),
            _accepted.Count(static answer => answer < 0), _world.Copies, _disputes, _corrections, _world.BarredHostile,
            _world.BarredHonest);
    }

    // Asks for answers until the task is decided on.
    private void Settle(int task, List<PlanBallot> ballots)
    {
        while (true)
        {
            var elder = _world.Pick(ballots, IsElder);
            switch (VerificationRules.Decide(_settings.Policy, Votes(ballots), Pool(elder), _toss(_world.Random)))
            {
                case Verdict.Believe believe:
                    Accept(task, ballots, believe);
                    return;
                case Verdict.Ask ask when Ask(task, ballots, ask, elder):
                    foreach (var id in VerificationRules.CheckedBy(Votes(ballots)))
                    {
                        var worker = ballots.First(ballot => ballot.Worker?.Id == id).Worker!;
                        worker.Standing = worker.Standing.Checked();
                    }

                    break;
                default:
                    _accepted[task] = -1;
                    _support[task] = [];
                    return;
            }
        }
    }

    private bool Ask(int task, List<PlanBallot> ballots, Verdict.Ask ask, PlanWorker? elder)
    {
        if (ask.From == CheckFrom.Trusted)
        {
            ballots.Add(new(null, _world.AnswerOfTrusted(), ask.Role));
            return true;
        }

        var worker = ask.From == CheckFrom.Elder ? elder : _world.Pick(ballots);
        if (worker is null) return false;
        ballots.Add(new(worker, _world.AnswerOf(worker, task, isFirst: false), ask.Role));
        return true;
    }

    private void Accept(int task, List<PlanBallot> ballots, Verdict.Believe believe)
    {
        var answer = ballots.First(ballot => PlanAnswers.HashOf(ballot.Answer) == believe.Answer).Answer;
        if (ballots.Any(ballot => ballot.Answer != answer)) _disputes++;
        foreach (var id in believe.Faulty) _faulty.Enqueue(ballots.First(ballot => ballot.Worker?.Id == id).Worker!);
        _accepted[task] = answer;
        var supported = _support[task] ?? [];
        _support[task] = [.. ballots.Where(ballot => ballot.Answer == answer)];
        foreach (var ballot in _support[task])
        {
            if (!supported.Contains(ballot)) ballot.Worker?.Supported.Add(task);
        }
    }

    // A fault halves a name. What it stood for is audited in random order, until enough was right; or all of it.
    private void Investigate(PlanWorker worker)
    {
        // Where every result is checked, nothing rests on a name.
        if (worker.IsGone || _settings.Policy.Mode == VerifyMode.All) return;
        worker.Standing = worker.Standing.Faulted();
        var supported = worker.Supported.ToArray();
        worker.Supported = [];
        _world.Random.Shuffle(supported);
        var right = 0;
        var isProven = false;
        for (var i = 0; _audits && i < supported.Length; i++)
        {
            if (!isProven && right >= VerificationRules.AuditsAfterFault(_settings.Policy))
            {
                worker.Supported.AddRange(supported[i..]);
                break;
            }

            if (Audit(supported[i], worker) is not { } isRight) continue;
            if (isRight) right++;
            isProven |= !isRight;
            if (isProven) worker.Standing = worker.Standing.Barred();
        }

        if (worker.Standing.IsBarred) _world.Bar(worker);
    }

    // Whether the result that was told still holds; null where nobody needs to look again.
    private bool? Audit(int task, PlanWorker suspect)
    {
        var ballots = _support[task];
        if (!ballots.Any(ballot => ballot.Worker == suspect)) return null;
        var elder = _world.Pick(ballots, IsElder);
        var ask = VerificationRules.Audit(
            _settings.Policy, Votes(ballots), suspect.Id, Pool(elder), _toss(_world.Random));
        if (ask is null) return null;
        var told = _accepted[task];
        var all = new List<PlanBallot>(ballots);
        if (!Ask(task, all, ask, elder)) return null;
        foreach (var ballot in ballots)
        {
            if (ballot.Worker is { } worker) worker.Standing = worker.Standing.Checked();
        }

        Settle(task, all);
        if (_accepted[task] == told) return true;
        _corrections++;
        return false;
    }

    private bool IsElder(PlanWorker worker) => VerificationRules.IsElder(_settings.Policy, worker.Standing, Pool(null));

    private VerificationPool Pool(PlanWorker? elder) => new(_median, elder is not null, _settings.HasTrusted);

    private static Vote[] Votes(List<PlanBallot> ballots)
    {
        var votes = new Vote[ballots.Count];
        for (var i = 0; i < votes.Length; i++)
        {
            var (worker, answer, role) = ballots[i];
            var id = worker?.Id ?? TrustedWorker;
            votes[i] = new(id, new((ulong)id.Value), PlanAnswers.HashOf(answer), role, worker?.Standing ?? default,
                IsTrusted: worker is null);
        }

        return votes;
    }
}
