namespace Weft.Core.Verification.Planning;

/// <summary>
/// What becomes of the answers of a plan, decided by <see cref="VerificationRules"/> itself.
/// </summary>
/// <param name="settings">What is asked of results.</param>
/// <param name="world">The workers.</param>
/// <param name="toss">Draws a coin.</param>
/// <param name="audits">False: what was told is never looked at again.</param>
internal sealed partial class PlanAnswering(
    PlanSettings settings, PlanWorld world, Func<Random, double> toss, bool audits)
{
    private static readonly IdentityId TrustedWorker = new(-1);
    private readonly VerificationPolicy _policy = settings.Policy;
    private readonly PlanTask[] _tasks = new PlanTask[settings.Tasks];
    private long _median;
    private int _firsts;
    private int _waitingForAnyone;

    /// <summary>Tasks that wait for an answer, the first that asked first.</summary>
    public LinkedList<PlanTask> Waiting { get; } = [];

    public int WrongTold { get; private set; }

    public int WrongAtEnd => _tasks.Count(static task => task.Told > 0);

    public int Dead => _tasks.Count(static task => task.Told < 0);

    public int Disputes { get; private set; }

    public int Corrections { get; private set; }

    /// <summary>The first task that waits for an answer which the worker may give; it waits no longer.</summary>
    public PlanTask? TakeWaiting(PlanWorker worker)
    {
        // Most of those that wait, wait for an elder.
        if (_waitingForAnyone == 0 && !IsElder(worker)) return null;
        for (var waiting = Waiting.First; waiting is not null; waiting = waiting.Next)
        {
            if (!MayAnswer(worker, waiting.Value)) continue;
            Waiting.Remove(waiting);
            if (waiting.Value.Asked!.From == CheckFrom.Anyone) _waitingForAnyone--;
            return waiting.Value;
        }

        return null;
    }

    /// <summary>Whether the worker may give the answer that a task waits for.</summary>
    public bool MayAnswer(PlanWorker worker, PlanTask task) =>
        (task.Asked!.From == CheckFrom.Anyone || IsElder(worker))
            && !task.Ballots.Exists(ballot => ballot.Worker == worker);

    /// <summary>A worker has computed a task; without one, the trusted worker has.</summary>
    public void Answer(PlanTask task, PlanWorker? worker)
    {
        var role = task.Asked?.Role ?? AnswerRole.First;
        var answer = worker is null ? world.AnswerOfTrusted() : world.AnswerOf(worker, task.Number, task.Asked is null);
        if (task.Asked is null) Begin(task, worker!);
        task.Ballots.Add(new(worker, answer, role));
        foreach (var id in VerificationRules.CheckedBy(Votes(task)))
        {
            var other = task.Ballots.First(ballot => ballot.Worker?.Id == id).Worker!;
            other.Standing = other.Standing.Checked();
        }

        Decide(task);
    }

    /// <summary>Nobody can give the foremost answer that is waited for.</summary>
    public void GiveUpForemost()
    {
        if (Waiting.First is not { } foremost) return;
        if (foremost.Value.Asked is { From: CheckFrom.Elder } ask)
        {
            foremost.Value.Asked = ask with { From = CheckFrom.Anyone };
            _waitingForAnyone++;
            return;
        }

        Waiting.RemoveFirst();
        _waitingForAnyone--;
        GiveUp(foremost.Value);
    }

    private void Begin(PlanTask task, PlanWorker worker)
    {
        if (_firsts++ % settings.Workers == 0) _median = world.MedianAnswers();
        _tasks[task.Number] = task;
        worker.Standing = worker.Standing.Answered();
    }

    private void Decide(PlanTask task)
    {
        var elder = world.Pick(task.Ballots, IsElder);
        var verdict = VerificationRules.Decide(_policy, Votes(task), PoolWith(elder), toss(world.Random));
        switch (verdict)
        {
            case Verdict.Ask ask:
                if (task.Asked is null) Open(task, ask.IsDrawn);
                Ask(task, ask, elder);
                break;
            case Verdict.Believe believe:
                Believe(task, believe);
                break;
            default:
                GiveUp(task);
                break;
        }
    }

    private void Ask(PlanTask task, Verdict.Ask ask, PlanWorker? elder)
    {
        task.Asked = ask;
        if (ask.From == CheckFrom.Trusted) Answer(task, worker: null);
        else if (settings.HasTime)
        {
            Waiting.AddLast(task);
            if (ask.From == CheckFrom.Anyone) _waitingForAnyone++;
        }
        else if ((ask.From == CheckFrom.Elder ? elder : world.Pick(task.Ballots)) is { } worker) Answer(task, worker);
        else GiveUp(task);
    }

    private void Believe(PlanTask task, Verdict.Believe believe)
    {
        var answer = task.Ballots.First(ballot => PlanAnswers.HashOf(ballot.Answer) == believe.Answer).Answer;
        if (task.Ballots.Exists(ballot => ballot.Answer != answer)) Disputes++;
        PlanWorker[] faulty =
            [.. believe.Faulty.Select(id => task.Ballots.First(ballot => ballot.Worker?.Id == id).Worker!)];
        var told = task.Told;
        Close(task, answer);
        task.Ballots = [.. task.Ballots.Where(ballot => ballot.Answer == answer)];
        foreach (var ballot in task.Ballots.Except(task.Supporters)) ballot.Worker?.Supported.Add(task);
        task.Supporters = [.. task.Ballots];
        foreach (var worker in faulty) Fault(worker);
        if (task.Suspect is { } suspect) EndAudit(task, suspect, isRight: answer == told);
    }

    private void GiveUp(PlanTask task)
    {
        Close(task, -1);
        task.Ballots = [];
        if (task.Suspect is { } suspect) EndAudit(task, suspect, isRight: false);
    }

    private void Close(PlanTask task, int answer)
    {
        if (task is { Told: null, Asked: not null }) EndOpen(task);
        if (task.Told is null && answer > 0) WrongTold++;
        (task.Told, task.Asked) = (answer, null);
    }

    // Without time, nothing ever waits.
    private void Open(PlanTask task, bool isDrawn)
    {
        if (!settings.HasTime || task.Ballots[0].Worker is not { } worker) return;
        worker.Standing = worker.Standing.Opened(isDrawn);
        task.IsDrawn = isDrawn;
    }

    private void EndOpen(PlanTask task)
    {
        if (!settings.HasTime || task.Ballots[0].Worker is not { } worker) return;
        worker.Standing = worker.Standing.Closed(task.IsDrawn);
    }

    private bool IsElder(PlanWorker worker) => VerificationRules.IsElder(_policy, worker.Standing, PoolWith(null));

    private VerificationPool PoolWith(PlanWorker? elder) => new(_median, elder is not null, settings.HasTrusted);

    private static Vote[] Votes(PlanTask task)
    {
        var votes = new Vote[task.Ballots.Count];
        for (var i = 0; i < votes.Length; i++)
        {
            var (worker, answer, role) = task.Ballots[i];
            var id = worker?.Id ?? TrustedWorker;
            votes[i] = new(id, new((ulong)id.Value), PlanAnswers.HashOf(answer), role, worker?.Standing ?? default,
                IsTrusted: worker is null);
        }

        return votes;
    }
}
