using Weft.Core;
using Weft.Core.Matching;
using Weft.Core.Modules;
using Weft.Core.Tasks;
using Weft.Core.Tracing;
using Weft.Core.Verification;

namespace Weft.Http.Api;

/// <summary>Reads a task from a submit.</summary>
internal static class TaskReader
{
    private static readonly TimeSpan ShortestExpiry = TimeSpan.FromMilliseconds(1);

    private static readonly MemberNames Names = new(
        "queue", "type", "payload", "priority", "delaySeconds", "runAt", "maxAttempts", "leaseSeconds",
        "expiresInSeconds", "group", "requires", "module", "run",
        "traceparent", "verify");

    private static readonly uint Payload = Names.Mask("payload");
    private static readonly uint BothTimes = Names.Mask("delaySeconds", "runAt");

    /// <summary>The task; invalid if <paramref name="json"/> has a fault afterwards.</summary>
    public static NewTask Read(ref StrictJson json, int payloadBytesMax, DateTimeOffset now)
    {
        var task = new Draft();
        var seen = 0u;
        if (!json.BeginObject()) return task.Finish();
        while (json.NextMember(Names, ref seen) is { } name) task.Read(ref json, name, payloadBytesMax, now);
        if ((seen & Payload) == 0) json.Fail("payload is missing.");
        if ((seen & BothTimes) == BothTimes) json.Fail("Only one of delaySeconds and runAt is allowed.");
        task.CheckExpiry(ref json, now);
        return task.Finish();
    }

    public static string Queue(ref StrictJson json, string at)
    {
        var queue = json.AnyString();
        if (!QueueName.IsValid(queue)) json.Fail(ApiRequest.QueueRule(at));
        return queue;
    }

    private struct Draft()
    {
        private string _queue = Limits.QueueDefault;
        private string? _type;
        private ReadOnlyMemory<byte> _payload;
        private int _priority;
        private TimeSpan _delay;
        private DateTimeOffset? _runAt;
        private int _maxAttempts = Limits.MaxAttemptsDefault;
        private TimeSpan? _leaseTime;
        private TimeSpan? _expiresIn;
        private GroupId? _group;
        private Requirements _requires = Requirements.None;
        private ModuleHash? _module;
        private ReadOnlyMemory<byte>? _run;
        private FileSet? _files;
        private IReadOnlyList<string>? _packages;
        private TaskTrace? _trace;
        private VerificationPolicy? _verify;

        public void Read(ref StrictJson json, string name, int payloadBytesMax, DateTimeOffset now)
        {
            switch (name)
            {
                case "queue": _queue = Queue(ref json, name); break;
                case "type": _type = json.String(Limits.TypeCharsMax); break;
                case "payload": _payload = json.Raw(payloadBytesMax); break;
                case "priority": _priority = (int)json.Integer(Limits.PriorityMin, Limits.PriorityMax); break;
                case "delaySeconds": _delay = json.Seconds(TimeSpan.Zero, Limits.DelayMax); break;
                case "runAt": _runAt = RunAt(ref json, now); break;
                case "maxAttempts": _maxAttempts = (int)json.Integer(1, Limits.MaxAttemptsMax); break;
                case "leaseSeconds": _leaseTime = json.Seconds(Limits.LeaseTimeMin, Limits.LeaseTimeMax); break;
                case "expiresInSeconds": _expiresIn = json.Seconds(ShortestExpiry, Limits.DelayMax); break;
                case "group": _group = new(json.Integer(1, long.MaxValue)); break;
                case "requires": _requires = Requires(ref json); break;
                case "module": _module = RunReader.Module(ref json); break;
                case "run": _run = RunReader.Run(ref json, out _files, out _packages); break;
                case "traceparent": _trace = Trace(ref json); break;
                case "verify": _verify = PolicyReader.Read(ref json); break;
            }
        }

        public readonly void CheckExpiry(ref StrictJson json, DateTimeOffset now)
        {
            if (_expiresIn is not { } life) return;
            if (_delay > TimeSpan.Zero && life <= _delay)
                json.Fail(
                    "expiresInSeconds must be more than delaySeconds, or the task would expire before it may run.");
            if (_runAt is { } start && now + life <= start)
                json.Fail("expiresInSeconds must reach past runAt, or the task would expire before it may run.");
        }

        public readonly NewTask Finish() => new()
        {
            Queue = _queue,
            Type = _type,
            Payload = new(_payload, IsJson: true),
            Priority = _priority,
            Delay = _delay,
            RunAt = _runAt,
            MaxAttempts = _maxAttempts,
            LeaseTime = _leaseTime,
            ExpiresIn = _expiresIn,
            Group = _group,
            Requires = _requires,
            Module = _module,
            Run = _run,
            Files = _files,
            Packages = _packages,
            Trace = _trace,
            Verify = _verify,
        };
    }

    private static TaskTrace? Trace(ref StrictJson json)
    {
        var trace = TaskTrace.TryParse(json.AnyString(), state: null);
        if (trace is null)
            json.Fail("traceparent must follow W3C Trace Context, such as " +
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.");
        return trace;
    }

    private static DateTimeOffset? RunAt(ref StrictJson json, DateTimeOffset now)
    {
        var runAt = json.Time();
        if (runAt <= now) json.Fail("runAt must be in the future.");
        if (runAt > now + Limits.DelayMax) json.Fail($"runAt must be within {Limits.DelayMax.TotalDays} days.");
        return DateTimeOffset.FromUnixTimeMilliseconds(runAt.ToUnixTimeMilliseconds());
    }

    private static Requirements Requires(ref StrictJson json)
    {
        var requires = Requirements.TryParse(json.Strings(Limits.RequirementsMax, Limits.LabelCharsMax));
        if (requires is { HasCall: false }) return requires;
        json.Fail(requires is null
            ? "requires must have labels such as simd or memory>=4096."
            : $"requires can't have {ModuleKinds.Wasi}, {ModuleKinds.JavaScript}, {ModuleKinds.Python} or " +
                $"{ModuleKinds.Files}: a task gets them from its module and its files.");
        return Requirements.None;
    }
}
