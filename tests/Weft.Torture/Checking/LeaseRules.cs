using Weft.Torture.Histories;

namespace Weft.Torture.Checking;

/// <summary>Only the newest token moves a task, leases of one task never overlap, and attempts only go up.</summary>
internal static class LeaseRules
{
    private static readonly OperationKind[] Settling =
        [OperationKind.Complete, OperationKind.Fail, OperationKind.Release, OperationKind.Heartbeat];

    public static IEnumerable<Violation> Check(TaskHistories histories) =>
        histories.All.SelectMany(static history =>
            CheckTokens(history).Concat(CheckAttempts(history)).Concat(CheckOverlaps(history)));

    private static IEnumerable<Violation> CheckTokens(TaskHistory history)
    {
        foreach (var accepted in history.Operations.Where(static operation =>
            operation is { Outcome: Outcome.Ok, Token: not null } && Settling.Contains(operation.Kind)))
        {
            var given = history.Claims.Find(claim => claim.Task.Token == accepted.Token);
            if (given.Task is null)
            {
                yield return new("I5",
                    $"Task {history.Id}: a {accepted.Kind} was accepted with the token {accepted.Token}, which was " +
                    $"not given out for it");
            }
            else if (history.Claims.Exists(newer => newer.Task.Attempt > given.Task.Attempt
                && newer.Claim.End < accepted.Begin))
            {
                yield return new("I5",
                    $"Task {history.Id}: a {accepted.Kind} by attempt {given.Task.Attempt} was accepted after a " +
                    $"newer claim");
            }
        }
    }

    private static IEnumerable<Violation> CheckAttempts(TaskHistory history)
    {
        var claims = history.Claims.Where(static claim => claim.Task.Attempt is not null)
            .OrderBy(static claim => claim.Claim.Begin).ToList();
        foreach (var twice in claims.GroupBy(static claim => claim.Task.Attempt)
            .Where(static claims => claims.Count() > 1))
        {
            yield return new("I6", $"Task {history.Id}: attempt {twice.Key} was given to {twice.Count()} workers");
        }

        foreach (var later in claims)
        {
            if (claims.Exists(earlier => earlier.Claim.End < later.Claim.Begin
                && earlier.Task.Attempt > later.Task.Attempt))
            {
                yield return new("I6",
                    $"Task {history.Id}: attempt {later.Task.Attempt} was given out after a higher one");
            }
        }
    }

    private static IEnumerable<Violation> CheckOverlaps(TaskHistory history)
    {
        // A task that died under a lease and was retried may be claimed while that lease's time still runs.
        if (history.MayHaveBeenRetried) yield break;
        var claims = history.Claims.Where(static claim => claim.Task.LeaseFrom is not null)
            .OrderBy(static claim => claim.Task.Attempt).ToList();
        for (var i = 0; i + 1 < claims.Count; i++)
        {
            var (earlier, later) = (claims[i], claims[i + 1]);
            var until = Until(history, earlier.Task);
            if (Overlap(until, later.Task.LeaseFrom) > TimeSpan.Zero && !WasGivenUp(history, earlier.Task, later.Claim))
            {
                yield return new("I6",
                    $"Task {history.Id}: attempt {later.Task.Attempt} began at {later.Task.LeaseFrom:O}, while " +
                    $"attempt {earlier.Task.Attempt} had it until {until:O}");
            }
        }
    }

    /// <summary>
    /// How long both held it. Leases last seconds here, and <see cref="Faults.ClockFault"/> sets the clock by whole
    /// hours: an end that seems hours away was told before the clock was set back, and moved with it since.
    /// </summary>
    private static TimeSpan? Overlap(DateTimeOffset? until, DateTimeOffset? from) =>
        until - from is { TotalHours: > 0.5 } hours ? hours - TimeSpan.FromHours(Math.Round(hours.TotalHours))
            : until - from;

    /// <summary>The latest end of the attempt's lease that anybody saw.</summary>
    private static DateTimeOffset? Until(TaskHistory history, Claimed claimed) =>
        history.Of(OperationKind.Read)
            .Where(read => read.Sight is { LeaseUntil: not null } sight && sight.Attempt == claimed.Attempt)
            .Select(static read => read.Sight!.LeaseUntil).Append(claimed.LeaseUntil).Max();

    private static bool WasGivenUp(TaskHistory history, Claimed claimed, Operation later) =>
        history.Operations.Exists(operation =>
            operation.Kind is OperationKind.Fail or OperationKind.Release && operation.Token == claimed.Token
                && operation.MayHaveHappened && operation.Begin < later.End);
}
