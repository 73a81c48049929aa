namespace Weft.Core.Verification.Planning;

/// <summary>
/// The workers of a plan, and what they answer: a right answer is 0, a wrong one another number. A worker that is
/// barred comes back at once under a new name.
/// </summary>
internal sealed class PlanWorld
{
    private const int PicksMax = 60;
    private const int SharedLie = 1;
    private readonly PlanWorker[] _places;
    private readonly Dictionary<PlanWorker, int> _placeOf = [];
    private readonly PlanAttack _attack;
    private readonly int _honestFirst;
    private readonly int _liesMax;
    private readonly HashSet<int> _liedAbout = [];
    private readonly HashSet<int> _honestAbout = [];
    private int _lies = SharedLie;
    private long _names;

    public PlanWorld(PlanSettings settings, PlanAttack attack, int liesMax, int seed)
    {
        Random = new(seed);
        _attack = attack;
        _honestFirst = settings.TasksEach / 2;
        _liesMax = liesMax;
        var hostile = attack.Strategy == PlanStrategy.Honest ? 0 : (int)Math.Round(settings.Workers * settings.Hostile);
        _places = [.. Enumerable.Range(0, settings.Workers).Select(place => NewWorker(place < hostile))];
        Random.Shuffle(_places);
        for (var place = 0; place < _places.Length; place++) _placeOf[_places[place]] = place;
    }

    public Random Random { get; }

    /// <summary>How many work at once.</summary>
    public int Places => _places.Length;

    /// <summary>Who is there.</summary>
    public PlanWorker At(int place) => _places[place];

    /// <summary>All computations so far.</summary>
    public long Copies { get; private set; }

    public int BarredHostile { get; private set; }

    public int BarredHonest { get; private set; }

    public long MedianAnswers()
    {
        var answers = _places.Select(static worker => worker.Standing.Answers).ToArray();
        Array.Sort(answers);
        return answers[answers.Length / 2];
    }

    /// <summary>Somebody who isn't in <paramref name="except"/>; null if nobody was found.</summary>
    public PlanWorker? Pick(IReadOnlyList<PlanBallot> except, Func<PlanWorker, bool>? accept = null)
    {
        for (var i = 0; i < PicksMax; i++)
        {
            var worker = _places[Random.Next(_places.Length)];
            if (!except.Any(ballot => ballot.Worker == worker) && (accept is null || accept(worker))) return worker;
        }

        return null;
    }

    /// <summary>The operator's own worker.</summary>
    public int AnswerOfTrusted()
    {
        Copies++;
        return 0;
    }

    /// <summary>What a worker answers. The cleverest liars are assumed to know what is a check.</summary>
    public int AnswerOf(PlanWorker worker, int task, bool isFirst)
    {
        Copies++;
        worker.Answers++;
        if (!worker.IsHostile) return 0;
        if (_attack.Colludes)
        {
            if (_liedAbout.Contains(task)) return SharedLie;
            // A fellow has answered honestly: another answer would only give both away.
            if (_honestAbout.Contains(task)) return 0;
        }

        if (Lies(worker, isFirst))
        {
            worker.Lies++;
            if (!_attack.Colludes) return ++_lies;
            _liedAbout.Add(task);
            return SharedLie;
        }

        if (_attack.Colludes) _honestAbout.Add(task);
        return 0;
    }

    /// <summary>A worker is barred.</summary>
    public void Bar(PlanWorker worker)
    {
        if (worker.IsGone) return;
        worker.IsGone = true;
        if (worker.IsHostile) BarredHostile++;
        else BarredHonest++;
        var place = _placeOf[worker];
        _placeOf.Remove(worker);
        _places[place] = NewWorker(worker.IsHostile);
        _placeOf[_places[place]] = place;
    }

    private PlanWorker NewWorker(bool isHostile) => new(new(++_names), isHostile);

    private bool Lies(PlanWorker worker, bool isFirst) => _attack.Strategy switch
    {
        PlanStrategy.Honest => false,
        PlanStrategy.Always => true,
        PlanStrategy.Share => Random.NextDouble() < _attack.Share,
        PlanStrategy.Sleeper => worker.Answers > _honestFirst,
        PlanStrategy.Few => isFirst && worker.Answers > _honestFirst && worker.Lies < _liesMax
            && Random.NextDouble() < _attack.Share,
        _ => worker.IsLiar ??= Random.NextDouble() < 0.5,
    };
}
