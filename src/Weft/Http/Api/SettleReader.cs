using Weft.Core;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Http.Api;

/// <summary>
/// Reads a worker's report on a task that it has leased: an item of a settle, or the body of a request about one task.
/// </summary>
internal static class SettleReader
{
    public const string Complete = "complete";
    public const string Fail = "fail";
    public const string Release = "release";
    public const string Heartbeat = "heartbeat";
    private const string ErrorDefault = "The worker gave no reason.";

    private static readonly MemberNames Names = new(
        "action", "id", "leaseToken", "workerId", "result", "error", "retry", "delaySeconds", "leaseSeconds",
        "progress", "checkpoint", "outputs", "runMs");

    private static readonly uint InItem = Names.Mask("action", "id", "leaseToken");
    private static readonly uint InBody = Names.Mask("leaseToken", "workerId");
    private static readonly uint Token = Names.Mask("leaseToken");
    private static readonly uint Result = Names.Mask("result");
    private static readonly uint OfComplete = Names.Mask("result", "outputs", "runMs");
    private static readonly uint OfFail = Names.Mask("error", "retry", "runMs");
    private static readonly uint OfRelease = Names.Mask("delaySeconds");
    private static readonly uint OfHeartbeat = Names.Mask("leaseSeconds", "progress", "checkpoint");

    /// <summary>An item of a settle: it names the task and the action.</summary>
    public static TaskChange ReadItem(ref StrictJson json, long resultBytesMax)
    {
        var draft = new Draft();
        var seen = ReadMembers(ref json, ref draft, resultBytesMax);
        var missing = InItem & ~seen;
        if (missing != 0) json.Fail($"{Names.FirstOf(missing)} is missing.");
        return new(draft.Id, CommandOf(ref json, draft, seen, InItem));
    }

    /// <summary>
    /// The body of a request whose path names the task and the action. <paramref name="workerId"/> may be null.
    /// </summary>
    public static TaskCommand ReadBody(ref StrictJson json, string action, long resultBytesMax, out string? workerId)
    {
        var draft = new Draft();
        var seen = ReadMembers(ref json, ref draft, resultBytesMax);
        if ((seen & Token) == 0) json.Fail("leaseToken is missing.");
        workerId = draft.WorkerId;
        return CommandOf(ref json, draft with { Action = action }, seen, InBody);
    }

    private static uint ReadMembers(ref StrictJson json, ref Draft draft, long resultBytesMax)
    {
        var seen = 0u;
        if (!json.BeginObject()) return seen;
        while (json.NextMember(Names, ref seen) is { } name)
        {
            switch (name)
            {
                case "action": draft.Action = json.AnyString(); break;
                case "id": draft.Id = new(json.Integer(1, long.MaxValue)); break;
                case "leaseToken": draft.Token = ReadToken(ref json); break;
                case "workerId": draft.WorkerId = json.MendedString(Limits.WorkerIdCharsMax); break;
                case "result": draft.Result = json.Raw(resultBytesMax); break;
                case "error": draft.Error = Cut(json.MendedString()); break;
                case "retry": draft.MayRetry = json.Boolean(); break;
                case "delaySeconds": draft.Delay = json.Seconds(TimeSpan.Zero, Limits.DelayMax); break;
                case "leaseSeconds": draft.LeaseTime = json.Seconds(Limits.LeaseTimeMin, Limits.LeaseTimeMax); break;
                case "progress": draft.Progress = json.Number(0, 1); break;
                case "checkpoint": draft.Checkpoint = json.Raw(Limits.CheckpointBytesMax); break;
                case "outputs": draft.Outputs = FileReader.Outputs(ref json); break;
                case "runMs":
                    draft.Computed =
                        TimeSpan.FromMilliseconds(json.Number(0, Limits.RunTimeToldMax.TotalMilliseconds));
                    break;
            }
        }

        return seen;
    }

    private static TaskCommand CommandOf(ref StrictJson json, in Draft draft, uint seen, uint allowed)
    {
        switch (draft.Action)
        {
            case Complete:
                if ((seen & Result) == 0) json.Fail("result is missing.");
                Allow(ref json, seen, allowed | OfComplete, Complete);
                return new TaskCommand.Complete(draft.Token, draft.Result)
                {
                    Outputs = draft.Outputs,
                    Computed = draft.Computed,
                };
            case Fail:
                Allow(ref json, seen, allowed | OfFail, Fail);
                return new TaskCommand.Fail(draft.Token, draft.Error, draft.MayRetry, Random.Shared.NextDouble())
                {
                    Computed = draft.Computed,
                };
            case Release:
                Allow(ref json, seen, allowed | OfRelease, Release);
                return new TaskCommand.Release(draft.Token, draft.Delay);
            case Heartbeat:
                Allow(ref json, seen, allowed | OfHeartbeat, Heartbeat);
                return new TaskCommand.Heartbeat(draft.Token, draft.LeaseTime, draft.Progress, draft.Checkpoint);
            default:
                json.Fail("action must be complete, fail, release or heartbeat.");
                return TaskCommand.Tick.Instance;
        }
    }

    private static void Allow(ref StrictJson json, uint seen, uint allowed, string action)
    {
        if ((seen & ~allowed) is > 0 and var foreign)
            json.Fail($"The member {Names.FirstOf(foreign)} is not allowed in a {action}.");
    }

    private static LeaseToken ReadToken(ref StrictJson json)
    {
        if (!LeaseToken.TryParse(json.AnyString(), out var token)) json.Fail("leaseToken must have 16 hex digits.");
        return token;
    }

    private static string Cut(string error)
    {
        if (error.Length <= Limits.ErrorCharsMax) return error;
        // Don't cut between the halves of a surrogate pair.
        var end = char.IsHighSurrogate(error[Limits.ErrorCharsMax - 1]) ? Limits.ErrorCharsMax - 1
            : Limits.ErrorCharsMax;
        return error[..end];
    }

    private record struct Draft()
    {
        public string Action = "";
        public TaskId Id;
        public LeaseToken Token;
        public string? WorkerId;
        public ReadOnlyMemory<byte> Result;
        public string Error = ErrorDefault;
        public bool MayRetry = true;
        public TimeSpan Delay;
        public TimeSpan? LeaseTime;
        public double? Progress;
        public ReadOnlyMemory<byte>? Checkpoint;
        public FileSet? Outputs;
        public TimeSpan? Computed;
    }
}
