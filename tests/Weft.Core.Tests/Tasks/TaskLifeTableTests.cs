using Weft.Core.Tasks;
using static Weft.Core.Tests.Tasks.TaskStages;

namespace Weft.Core.Tests.Tasks;

public class TaskLifeTableTests
{
    // A cell is the state that the task comes to, or "!" and why the command is refused.
    private const string Table = """
    command            scheduled    ready        leased       lapsed       completed         dead             cancelled
    claim              !NotReady    Leased       !NotReady    Leased       !NotReady         !NotReady        !NotReady
    complete           !StaleLease  !StaleLease  Completed    Completed    !AlreadyCompleted !AlreadyFinished !Cancelled
    complete-stale     !StaleLease  !StaleLease  !StaleLease  !StaleLease  !StaleLease       !StaleLease      !Cancelled
    complete-tokenless Completed    Completed    Completed    Completed    !AlreadyFinished  !AlreadyFinished !Cancelled
    answer             !StaleLease  !StaleLease  Checking     Checking     !AlreadyCompleted !AlreadyFinished !Cancelled
    answer-stale       !StaleLease  !StaleLease  !StaleLease  !StaleLease  !StaleLease       !StaleLease      !Cancelled
    believe !NotChecking !NotChecking !NotChecking !NotChecking !NotChecking !NotChecking !NotChecking
    doubt !NotChecking !NotChecking !NotChecking !NotChecking !NotChecking !NotChecking !NotChecking
    fail               !StaleLease  !StaleLease  Scheduled    Scheduled    !AlreadyFinished  !AlreadyFinished !Cancelled
    fail-for-good      !StaleLease  !StaleLease  Dead         Dead         !AlreadyFinished  !AlreadyFinished !Cancelled
    fail-stale         !StaleLease  !StaleLease  !StaleLease  !StaleLease  !StaleLease       !StaleLease      !Cancelled
    release            !StaleLease  !StaleLease  Ready        Ready        !AlreadyFinished  !AlreadyFinished !Cancelled
    release-later      !StaleLease  !StaleLease  Scheduled    Scheduled    !AlreadyFinished  !AlreadyFinished !Cancelled
    release-stale      !StaleLease  !StaleLease  !StaleLease  !StaleLease  !StaleLease       !StaleLease      !Cancelled
    heartbeat          !StaleLease  !StaleLease  Leased       Leased       !AlreadyFinished  !AlreadyFinished !Cancelled
    heartbeat-stale    !StaleLease  !StaleLease  !StaleLease  !StaleLease  !StaleLease       !StaleLease      !Cancelled
    cancel             Cancelled    Cancelled    Cancelled    Cancelled    !AlreadyFinished  !AlreadyFinished !Cancelled
    retry              !NotDead     !NotDead     !NotDead     !NotDead     !NotDead          Ready            !NotDead
    reprioritize       Scheduled    Ready        Leased       Ready        !AlreadyFinished  !AlreadyFinished !Cancelled
    tick !NothingDue !NothingDue !NothingDue !NothingDue !NothingDue !NothingDue !NothingDue
    tick-later Ready !NothingDue Ready !NothingDue !NothingDue !NothingDue !NothingDue
    tick-expired Dead Dead Dead Dead !NothingDue !NothingDue !NothingDue
    """;

    // One state more: side by side they would not fit.
    private const string OfChecking = """
    command            checking
    claim              !NotReady
    complete           !AlreadyCompleted
    complete-stale     !StaleLease
    complete-tokenless !AlreadyFinished
    answer             !AlreadyCompleted
    answer-stale       !StaleLease
    believe            Completed
    doubt              Dead
    fail               !AlreadyFinished
    fail-for-good      !AlreadyFinished
    fail-stale         !StaleLease
    release            !AlreadyFinished
    release-later      !AlreadyFinished
    release-stale      !StaleLease
    heartbeat          !AlreadyFinished
    heartbeat-stale    !StaleLease
    cancel             Cancelled
    retry              !NotDead
    reprioritize       Checking
    tick               !NothingDue
    tick-later         !NothingDue
    tick-expired       Dead
    """;

    public static TheoryData<string, string, string> Cells()
    {
        var cells = new TheoryData<string, string, string>();
        foreach (var table in (string[])[Table, OfChecking])
        {
            string[][] rows =
                [.. table.Split('\n').Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
            foreach (var row in rows[1..])
            {
                for (var column = 1; column < row.Length; column++) cells.Add(row[0], rows[0][column], row[column]);
            }
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Command_OnAState_ComesToTheCell(string command, string stage, string cell)
    {
        var now = Start + (command is "tick-later" or "tick-expired" ? TimeSpan.FromHours(1) : TimeSpan.Zero);
        var task = At(stage, command == "tick-expired" ? Plain with { ExpiresIn = TimeSpan.FromMinutes(30) } : null);
        var decision = Life.Decide(task, Named(command), now);
        Assert.Equal(cell, decision.Next is { } next ? next.State.ToString() : $"!{decision.Refusal}");
    }

    [Fact]
    public void Table_HasEveryStateAndEveryCommand()
    {
        var cells = Cells().Select(static row => row.Data).ToArray();
        Assert.Equal(Enum.GetValues<TaskState>().Order(),
            cells.Select(static cell => At(cell.Item2).State).Distinct().Order());
        Assert.Equal(typeof(TaskCommand).GetNestedTypes().Length,
            cells.Select(static cell => Named(cell.Item1).GetType()).Distinct().Count());
    }

    private static TaskCommand Named(string command) => command switch
    {
        "claim" => new TaskCommand.Claim(new(0x3333), "other"),
        "complete" => new TaskCommand.Complete(Current, "1"u8.ToArray()),
        "complete-stale" => new TaskCommand.Complete(Stale, "1"u8.ToArray()),
        "complete-tokenless" => new TaskCommand.Complete(null, "1"u8.ToArray()),
        "answer" => new TaskCommand.Answer(Current),
        "answer-stale" => new TaskCommand.Answer(Stale),
        "believe" => TaskCommand.Believe.Instance,
        "doubt" => new TaskCommand.Doubt("Answers differ."),
        "fail" => new TaskCommand.Fail(Current, "broken", MayRetry: true, Jitter: 0.5),
        "fail-for-good" => new TaskCommand.Fail(Current, "broken", MayRetry: false, Jitter: 0.5),
        "fail-stale" => new TaskCommand.Fail(Stale, "broken", MayRetry: true, Jitter: 0.5),
        "release" => new TaskCommand.Release(Current),
        "release-later" => new TaskCommand.Release(Current, TimeSpan.FromSeconds(5)),
        "release-stale" => new TaskCommand.Release(Stale),
        "heartbeat" => new TaskCommand.Heartbeat(Current),
        "heartbeat-stale" => new TaskCommand.Heartbeat(Stale),
        "cancel" => TaskCommand.Cancel.Instance,
        "retry" => TaskCommand.Retry.Instance,
        "reprioritize" => new TaskCommand.Reprioritize(9),
        "tick" or "tick-later" or "tick-expired" => TaskCommand.Tick.Instance,
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "There is no such command."),
    };
}
