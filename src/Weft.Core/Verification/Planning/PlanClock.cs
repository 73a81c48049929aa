namespace Weft.Core.Verification.Planning;

/// <summary>
/// The time of a plan. Each worker does one thing after the other: a check that it may give, else a task of its own, as
/// far as its answers were found right; each takes it a unit of time, half more or less.
/// </summary>
internal sealed class PlanClock(PlanWorld world, PlanAnswering answering, int tasks, bool isPaced)
{
    private const double Idle = 0.25;
    private readonly PriorityQueue<int, double> _places = new();
    private readonly Dictionary<int, (PlanWorker Worker, PlanTask Task)> _hands = [];
    private int _next;

    /// <summary>Runs until all tasks are decided on, and nothing is looked at again.</summary>
    public void Run()
    {
        for (var place = 0; place < world.Places; place++) _places.Enqueue(place, world.Random.NextDouble());
        while (_next < tasks || _hands.Count > 0 || answering.Waiting.Count > 0)
        {
            _places.TryDequeue(out var place, out var now);
            if (_hands.Remove(place, out var hand)) answering.Answer(hand.Task, hand.Worker);
            answering.Audit();
            var worker = world.At(place);
            if (TakeFor(worker) is { } task) _hands.Add(place, (worker, task));
            // Nobody who is there may go on.
            else if (_hands.Count == 0 && !HasSomebodyMore()) answering.GiveUpForemost();
            _places.Enqueue(place, now + (_hands.ContainsKey(place) ? 0.5 + world.Random.NextDouble() : Idle));
        }
    }

    private PlanTask? TakeFor(PlanWorker worker) =>
        answering.TakeWaiting(worker) ?? (MayHaveOwn(worker) ? new(_next++) : null);

    private bool MayHaveOwn(PlanWorker worker) =>
        _next < tasks && (!isPaced || VerificationRules.TasksAllowed(worker.Standing, taken: 0) > 0);

    private bool HasSomebodyMore()
    {
        for (var place = 0; place < world.Places; place++)
        {
            var worker = world.At(place);
            if (MayHaveOwn(worker) || answering.Waiting.Any(task => answering.MayAnswer(worker, task))) return true;
        }

        return false;
    }
}
