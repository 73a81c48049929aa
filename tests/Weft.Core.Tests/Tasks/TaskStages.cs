using Weft.Core.Tasks;

namespace Weft.Core.Tests.Tasks;

/// <summary>A task at each stage of its life, brought there by commands alone.</summary>
internal static class TaskStages
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly TaskLife Life = new(RetryPolicy.Default);
    public static readonly LeaseToken Current = new(0x1111);
    public static readonly LeaseToken Stale = new(0x2222);
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    public static readonly NewTask Plain = new() { Payload = new("{}"u8.ToArray(), IsJson: true) };

    public static TaskRecord Submitted(NewTask? task = null) =>
        TaskLife.Create(task ?? Plain, new(1), LeaseTime, Start);

    public static TaskRecord Leased(NewTask? task = null) =>
        Submitted(task).After(new TaskCommand.Claim(Current, "worker"), Start);

    /// <summary>Ready again since its lease ran out; nobody has claimed it since.</summary>
    public static TaskRecord Lapsed(NewTask? task = null) =>
        Leased(task).After(TaskCommand.Tick.Instance, Start + LeaseTime);

    public static TaskRecord At(string stage, NewTask? task = null) => stage switch
    {
        "scheduled" => Submitted((task ?? Plain) with { Delay = TimeSpan.FromMinutes(1) }),
        "ready" => Submitted(task),
        "leased" => Leased(task),
        "lapsed" => Lapsed(task),
        "completed" => Leased(task).After(new TaskCommand.Complete(Current, "1"u8.ToArray()), Start),
        "dead" => Lapsed((task ?? Plain) with { MaxAttempts = 1 }),
        "checking" => Leased(task).After(new TaskCommand.Answer(Current), Start),
        "cancelled" => Leased(task).After(TaskCommand.Cancel.Instance, Start),
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "There is no such stage."),
    };

    /// <summary>The task after a command that must be accepted.</summary>
    public static TaskRecord After(this TaskRecord task, TaskCommand command, DateTimeOffset now)
    {
        var decision = Life.Decide(task, command, now);
        Assert.Equal(Refusal.None, decision.Refusal);
        return decision.Next!;
    }

    public static Refusal RefusalOf(this TaskRecord task, TaskCommand command, DateTimeOffset now)
    {
        var decision = Life.Decide(task, command, now);
        Assert.Null(decision.Next);
        return decision.Refusal;
    }
}
