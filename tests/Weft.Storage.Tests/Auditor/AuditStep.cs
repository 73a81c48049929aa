using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Auditor;

/// <summary>
/// One thing that a run does to a store. What can't be known beforehand (tokens) is said as a choice.
/// </summary>
internal abstract record AuditStep
{
    private AuditStep()
    {
    }

    public sealed record Submit(Submission Submission) : AuditStep
    {
        public override string ToString() =>
            $"Submit {Submission.Key?.Text} of {Submission.Owner}: {string.Join("; ", Submission.Tasks)}";
    }

    public sealed record CreateGroup(string? Name) : AuditStep;

    public sealed record Claim(ClaimRequest Request) : AuditStep
    {
        public override string ToString() =>
            $"Claim {Request.Max} of {string.Join(',', Request.Queues)} as {Request.WorkerId} with " +
            $"[{Request.Capabilities}] for {Request.LeaseTime}";
    }

    public sealed record Apply(AuditChange[] Changes) : AuditStep
    {
        public override string ToString() =>
            $"Apply {string.Join("; ", Changes.Select(static change => change.ToString()))}";
    }

    public sealed record Settle(Apply Changes, Claim Next) : AuditStep;

    public sealed record CancelWaiting(string Queue) : AuditStep;

    public sealed record CancelGroup(GroupId Group) : AuditStep;

    public sealed record Pause(string Queue, bool Paused) : AuditStep;

    public sealed record Advance(TimeSpan Time) : AuditStep;

    public sealed record Sweep : AuditStep;

    public sealed record DeleteFinished(TimeSpan Age) : AuditStep;

    public sealed record Restart : AuditStep;
}

/// <summary>Which of a task's tokens a command comes with.</summary>
internal enum AuditToken
{
    Current,
    Older,
    Foreign,
    None,
}

internal enum AuditVerb
{
    Complete,
    Fail,
    Release,
    Heartbeat,
    Cancel,
    Retry,
}

/// <param name="Task">Chooses among the ids given out, and the next one, which isn't.</param>
/// <param name="Number">Whatever else the command needs: bytes, jitter, delays.</param>
internal readonly record struct AuditChange(int Task, AuditVerb Verb, AuditToken Token, int Number)
{
    /// <summary>The command with the token that was chosen.</summary>
    public TaskCommand Command(LeaseToken token)
    {
        var bytes = BitConverter.GetBytes(Number);
        return Verb switch
        {
            AuditVerb.Complete => new TaskCommand.Complete(Token == AuditToken.None ? null : token, bytes),
            AuditVerb.Fail => new TaskCommand.Fail(token, $"broken {Number}", Number % 8 != 0, Number % 100 / 100.0),
            AuditVerb.Release => new TaskCommand.Release(token, TimeSpan.FromMilliseconds(Number % 3 * 700)),
            AuditVerb.Heartbeat => new TaskCommand.Heartbeat(
                token, Number % 3 == 0 ? TimeSpan.FromSeconds(5) : null, Number % 4 == 0 ? null : Number % 100 / 100.0,
                Number % 2 == 0 ? null : bytes),
            AuditVerb.Cancel => TaskCommand.Cancel.Instance,
            AuditVerb.Retry => TaskCommand.Retry.Instance,
            _ => throw new InvalidOperationException($"{Verb} is no verb."),
        };
    }
}
