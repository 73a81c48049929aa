using System.Globalization;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Core.Workers;

namespace Weft.Core.Explaining;

/// <summary>
/// Explains why a task isn't running. Pure: decides by what is known of the task, its queue and the workers.
/// </summary>
/// <param name="workers">All known workers; not needed for a task that is neither ready nor leased.</param>
/// <param name="now">The time, by the clock that recorded when workers were seen.</param>
public sealed class TaskExplainer(IReadOnlyList<WorkerSighting> workers, DateTimeOffset now)
{
    // A rate from fewer finished tasks, or from a moment, isn't a useful prediction.
    private const int FinishesLeast = 10;
    private static readonly TimeSpan SpanLeast = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SpanMost = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FinishAgeMax = TimeSpan.FromSeconds(30);

    /// <summary>Whether the workers matter for the explanation.</summary>
    public static bool AsksForWorkers(TaskState state) =>
        state is TaskState.Ready or TaskState.Leased or TaskState.Checking;

    /// <param name="standing">The task and what is ahead of it.</param>
    /// <param name="trouble">Why the store accepts no changes; null if it does, or the state is unknown.</param>
    /// <param name="answers">The answers to a task in state checking; otherwise null.</param>
    /// <param name="known"> The reputation of the queue's workers, if it decides who gets a ready task; otherwise null.
    /// </param>
    public Explanation Explain(
        TaskStanding standing, StoreException? trouble, TaskAnswers? answers = null,
        IReadOnlyList<WorkerStanding>? known = null)
    {
        var task = standing.History.Task;
        return new(task.State, task.State switch
        {
            TaskState.Leased => [Leased(task)],
            TaskState.Scheduled => [.. Held(standing, trouble), Waiting(standing.History)],
            TaskState.Ready => Ready(standing, trouble, known),
            TaskState.Checking => [.. Held(standing, trouble), Checking(task, answers)],
            _ => [new(ReasonCode.Finished, $"It is {Word(task.State)}.") { Since = task.FinishedAt }],
        });
    }

    /// <summary>The rate at which tasks finish, per second; null if unknown.</summary>
    public static double? RateOf(IReadOnlyList<DateTimeOffset> finishes, DateTimeOffset now)
    {
        if (finishes.Count < FinishesLeast || (now - finishes[0]).Duration() > FinishAgeMax) return null;
        var recent = finishes.TakeWhile(at => finishes[0] - at <= SpanMost).ToArray();
        var span = recent[0] - recent[^1];
        return recent.Length < FinishesLeast || span < SpanLeast ? null : (recent.Length - 1) / span.TotalSeconds;
    }

    private List<Reason> Ready(TaskStanding standing, StoreException? trouble, IReadOnlyList<WorkerStanding>? known)
    {
        var reasons = Held(standing, trouble);
        var task = standing.History.Task;
        if (WithoutWorker(task) is { } lonely) reasons.Add(lonely);
        if (Paced(task, known ?? []) is { } paced) reasons.Add(paced);
        if (standing.Ahead > 0 || reasons.Count == 0) reasons.Add(Behind(standing, estimates: reasons.Count == 0));
        return reasons;
    }

    private Reason? Paced(TaskRecord task, IReadOnlyList<WorkerStanding> known)
    {
        WorkerStanding[] seen =
        [
            .. known.Where(worker => !worker.Standing.IsBarred && now - worker.SeenAt <= Limits.VerifySeenTime),
        ];
        var mayHave = seen.Any(static worker =>
            worker.IsTrusted || VerificationRules.TasksAllowed(worker.Standing, taken: 0) > 0);
        return seen.Length == 0 || mayHave
            ? null
            : new(
                ReasonCode.AwaitingCheck,
                $"All workers that have answered in queue {task.Queue} lately ({seen.Length}) get more once earlier " +
                "answers of theirs are checked, and one now and then where nobody checks those. What they wait for " +
                "is said of tasks that are checking.");
    }

    private static List<Reason> Held(TaskStanding standing, StoreException? trouble)
    {
        List<Reason> reasons = [];
        if (trouble is not null) reasons.Add(new(ReasonCode.StoreUnready, trouble.Message));
        if (standing.QueueIsPaused)
        {
            reasons.Add(new(ReasonCode.Paused, $"Queue {standing.History.Task.Queue} is paused."));
        }

        return reasons;
    }

    private static Reason Waiting(TaskHistory history)
    {
        var task = history.Task;
        // The worker may have released it with a delay, and attempts older than the history are only known by the
        // failures.
        var failed = history.Attempts.Count > 0
            ? history.Attempts[^1].Outcome == AttemptOutcome.Failed
            : task is { Attempt: > 0, Failures: > 0 };
        var detail = failed
            ? $"Failure {task.Failures} of {task.MaxAttempts}: it waits before the next attempt."
            : "It is scheduled for later.";
        return new(failed ? ReasonCode.BackingOff : ReasonCode.Scheduled, detail) { Until = task.RunAt };
    }

    private Reason Leased(TaskRecord task) => new(ReasonCode.Leased, $"Worker {task.WorkerId} is running it.")
    {
        WorkerId = task.WorkerId,
        Since = task.Lease?.ClaimedAt,
        Until = task.Lease?.ExpiresAt,
        WorkerSeenAt = workers.FirstOrDefault(worker => worker.Id == task.WorkerId)?.LastSeenAt,
    };

    private Reason Checking(TaskRecord task, TaskAnswers? answers)
    {
        var given = answers?.Answers ?? [];
        var has = $"It has {given.Count} answer{(given.Count == 1 ? "" : "s")}";
        if (answers?.Check is not { } open) return new(ReasonCode.AwaitingCheck, $"{has}; they are being compared.");
        var check = open.Task;
        if (check.State == TaskState.Leased)
        {
            return new(ReasonCode.AwaitingCheck, $"{has}, and a worker is computing another.")
            {
                Since = check.Lease?.ClaimedAt, Until = check.Lease?.ExpiresAt,
            };
        }

        WorkerSighting[] able =
        [
            .. QueueCoverage.ServingOf(task.Queue, workers, now).Where(worker =>
                worker.Offer!.Fit.Takes(check.Requires)),
        ];
        if (able.Length == 0)
        {
            return new(
                ReasonCode.AwaitingCheck,
                $"{has}, and no worker with a key could give another in queue {task.Queue}: start one " +
                "(weft worker, or the worker page).");
        }

        if (open.From != CheckFrom.Anyone && open.AnyoneFrom is { } from && from > now)
        {
            var whom = open.From == CheckFrom.Trusted ? "a trusted worker"
                : "a worker with many correct answers";
            return new(ReasonCode.AwaitingCheck, $"{has}, and waits for {whom}. If none takes it, any may.")
            {
                Until = from,
            };
        }

        var elsewhere = answers.Policy?.Apart == VerifyApart.Worker
            ? able.Length
            : able.Count(worker => !given.Any(answer => answer.Network == worker.Offer!.Network));
        return new(ReasonCode.AwaitingCheck, elsewhere > 0
            ? $"{has}, and waits for another: {elsewhere} worker{(elsewhere == 1 ? "" : "s")} may give it."
            : $"{has}, and all workers that could give another are in networks that have answered it: a worker in " +
                "another network would help, or tasks with \"apart\": \"worker\".")
        {
            Until = check.RunAt,
        };
    }

    private Reason? WithoutWorker(TaskRecord task)
    {
        var serving = QueueCoverage.ServingOf(task.Queue, workers, now).ToArray();
        if (serving.Length == 0)
        {
            var seconds = Limits.WorkerServesTime.TotalSeconds;
            return new(
                ReasonCode.NoWorkerOnQueue,
                $"No worker seen in the last {seconds} s takes tasks from queue {task.Queue}.");
        }

        if (Array.Exists(serving, worker => worker.Offer!.Fit.Takes(task.Requires))) return null;
        var (nearest, missing) = serving.Select(worker => (worker, worker.Offer!.Fit.Lacks(task.Requires)))
            .MinBy(static each => each.Item2.Count);
        var lacks = missing.Count > 0
            ? $"the closest one lacks {string.Join(" and ", missing)}"
            : task.Requires.IsVerified && !serving.Any(static worker => worker.Offer!.Fit.IsProven)
                ? "its result is to be verified, and they have no worker key"
            : nearest.Offer!.Fit.ModulesOnly && !task.Requires.RunsModule
                ? "they run only modules, and the task has none"
                : "they have no token, and get only tasks that came without one";
        return new(ReasonCode.NoCapableWorker, $"No worker on queue {task.Queue} can run it: {lacks}.")
        {
            Missing = missing, WorkerId = nearest.Id, WorkerSeenAt = nearest.LastSeenAt,
        };
    }

    private Reason Behind(TaskStanding standing, bool estimates)
    {
        var more = standing.Ahead > Limits.AheadCountMax;
        var ahead = more ? Limits.AheadCountMax : standing.Ahead;
        var rate = estimates && !more && ahead > 0 ? RateOf(standing.Finishes, now) : null;
        var number = ahead.ToString("N0", CultureInfo.InvariantCulture);
        var detail = ahead switch
        {
            0 => "It is the next with its requirements in its queue, and no worker has asked for it yet.",
            1 => "1 task with the same requirements is claimed before it.",
            _ => $"{(more ? "More than " : "")}{number} tasks with the same requirements are claimed before it.",
        };
        return new(ReasonCode.Behind, detail)
        {
            Ahead = ahead,
            More = more ? true : null,
            Estimate = rate is { } known ? TimeSpan.FromSeconds(Math.Ceiling(ahead / known)) : null,
        };
    }

    private static string Word(TaskState state) => state switch
    {
        TaskState.Completed => "completed",
        TaskState.Dead => "dead",
        _ => "cancelled",
    };
}
