using System.Buffers;
using System.Text.Json;
using ProblemCodes = Weft.Contracts.ProblemCodes;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Http.Api;

/// <summary>The problems of the API, and how they are answered: RFC 9457, with a stable <c>code</c>.</summary>
internal static class Problems
{
    public static readonly ProblemKind InvalidRequest = new(400, ProblemCodes.InvalidRequest, "The request is not valid");
    public static readonly ProblemKind PayloadTooLarge = new(413, ProblemCodes.PayloadTooLarge, "The request is too large");

    public static readonly ProblemKind InvalidModule = new(400, ProblemCodes.InvalidModule, "This is no module");
    public static readonly ProblemKind UnsupportedMediaType = new(415, ProblemCodes.UnsupportedMediaType, "The path does not take this Content-Type");

    public static readonly Problem ModuleNotFound = new ProblemKind(404, ProblemCodes.ModuleNotFound, "There is no such module").With("Push it with PUT /api/v1/modules first.");
    public static readonly Problem ModuleInUse = new ProblemKind(409, ProblemCodes.ModuleInUse, "The module is in use").With("A stored task, finished ones too, or a queue names it.");
    public static readonly Problem JavaScriptNotAllowed = new ProblemKind(403, ProblemCodes.JavaScriptNotAllowed, "JavaScript modules are not allowed")
        .With("The coordinator's owner must start it with --allow-javascript-modules.");
    public static readonly Problem TooManyModules = new ProblemKind(409, ProblemCodes.TooManyModules, "There are too many modules")
        .With($"The coordinator keeps at most {Core.Limits.ModulesMax}; delete one that nothing names.");

    /// <summary>When an owner who has too much unfinished may come again: nobody knows when a task ends.</summary>
    public const string OwnerRoomRetrySeconds = "5";

    private const string ContentType = "application/problem+json";
    private static readonly ProblemKind NotFoundKind = new(404, ProblemCodes.NotFound, "There is nothing at this path");
    private static readonly ProblemKind MethodNotAllowedKind = new(405, ProblemCodes.MethodNotAllowed, "The path does not take this method");
    private static readonly ProblemKind RequestTimeout = new(408, ProblemCodes.RequestTimeout, "The body came too slowly");
    private static readonly ProblemKind UnsupportedEncoding = new(415, ProblemCodes.UnsupportedEncoding, "The body is packed");
    private static readonly ProblemKind RateLimited = new(429, ProblemCodes.RateLimited, "Too many requests");
    private static readonly ProblemKind InternalError = new(500, ProblemCodes.InternalError, "The coordinator failed");
    private static readonly ProblemKind Overloaded = new(503, ProblemCodes.Overloaded, "The coordinator is busy");
    private static readonly ProblemKind OutcomeUnknown = new(503, ProblemCodes.OutcomeUnknown, "Nobody knows whether it happened");
    private static readonly ProblemKind StoreUnavailable = new(503, ProblemCodes.StoreUnavailable, "The store is not available");
    private static readonly ProblemKind StoreFull = new(507, ProblemCodes.StoreFull, "The store is full");

    private static readonly Problem TaskNotFound = new ProblemKind(404, ProblemCodes.TaskNotFound, "There is no such task").With("It was never there, or retention has deleted it.");
    private static readonly Problem StaleLease = new ProblemKind(409, ProblemCodes.StaleLease, "The lease is stale").With("The leaseToken is not the newest given out for this task: drop it.");
    private static readonly Problem TaskFinished = new ProblemKind(409, ProblemCodes.TaskFinished, "The task is finished").With("Its result, or its death, is final: nothing was changed.");
    private static readonly Problem TaskCancelled = new ProblemKind(409, ProblemCodes.TaskCancelled, "The task was cancelled").With("Its submitter does not want it any more: drop it.");
    private static readonly Problem TaskNotDead = new ProblemKind(409, ProblemCodes.TaskNotDead, "The task is not dead").With("Only a dead task can be retried.");
    private static readonly Problem GroupNotFound = new ProblemKind(404, ProblemCodes.GroupNotFound, "There is no such group").With("Make it with POST /api/v1/groups first.");

    public static readonly Problem Unauthorized = new ProblemKind(401, ProblemCodes.Unauthorized, "A token is needed")
        .With("Send Authorization: Bearer with a token that is neither expired nor revoked; 'weft token create' makes one.");

    public static readonly ProblemKind Forbidden = new(403, ProblemCodes.Forbidden, "The token does not allow this");
    public static readonly Problem ScopeMissing = Forbidden.With("This request needs a scope that the token does not have.");
    public static readonly Problem QueueForbidden = Forbidden.With("The token is not for this queue.");
    public static readonly Problem UnknownHost = new ProblemKind(421, ProblemCodes.UnknownHost, "This coordinator has another name")
        .With("It does not know itself by the host that was asked for; if that is its name, start it with --public-name.");

    public static readonly Problem TokenNotFound = new ProblemKind(404, ProblemCodes.TokenNotFound, "There is no such token").With("It was never there, or has been revoked.");
    public static readonly Problem TooManyTokens = new ProblemKind(409, ProblemCodes.TooManyTokens, "There are too many tokens").With("Revoke those that nobody uses any more.");

    private static readonly Problem KeyMismatch = new ProblemKind(422, ProblemCodes.IdempotencyMismatch, "The idempotency key is taken")
        .With("The Idempotency-Key was used with another body; nothing was stored.");

    private static readonly Problem TooManyRequirements = new ProblemKind(409, ProblemCodes.TooManyRequirements, "The queue has too many sets of requirements")
        .With("The queue would hold more distinct sets of requirements than it can; use fewer, or another queue.");

    private static readonly Problem TooManyQueues = new ProblemKind(409, ProblemCodes.TooManyQueues, "There are too many queues")
        .With("The coordinator holds as many queues as it can; use one of those that it knows.");

    private static readonly Problem TooManyUnfinished = new ProblemKind(429, ProblemCodes.TooManyUnfinished, "The token has too much unfinished")
        .With("The token would have more tasks, or more bytes of payloads, unfinished than one may: submit less, or later.");

    private static readonly Problem NamedModuleNotFound = ModuleNotFound with { Kind = ModuleNotFound.Kind with { Status = 422 } };
    private static readonly Problem RunWithoutModule = InvalidRequest.With("run needs a module: the task's own, or its queue's.");

    /// <summary>What a refusal is on the wire; null for <see cref="Refusal.None"/>.</summary>
    public static Problem? Of(Refusal refusal) => refusal switch
    {
        Refusal.None => null,
        Refusal.NotFound => TaskNotFound,
        Refusal.StaleLease => StaleLease,
        Refusal.AlreadyFinished => TaskFinished,
        Refusal.Cancelled => TaskCancelled,
        Refusal.NotDead => TaskNotDead,
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "No request can lead to this refusal."),
    };

    /// <summary>Why nothing was stored; null when something was.</summary>
    public static Problem? Of(SubmitStatus status) => status switch
    {
        SubmitStatus.KeyMismatch => KeyMismatch,
        SubmitStatus.GroupNotFound => GroupNotFound,
        SubmitStatus.TooManyRequirements => TooManyRequirements,
        SubmitStatus.TooManyQueues => TooManyQueues,
        SubmitStatus.OwnerFull => TooManyUnfinished,
        SubmitStatus.ModuleNotFound => NamedModuleNotFound,
        SubmitStatus.RunWithoutModule => RunWithoutModule,
        _ => null,
    };

    /// <summary>Answers why nothing was stored.</summary>
    public static Task RefuseSubmitAsync(HttpContext context, Problem problem)
    {
        if (problem.Kind.Status == StatusCodes.Status429TooManyRequests) context.Response.Headers.RetryAfter = OwnerRoomRetrySeconds;
        return AnswerAsync(context, problem);
    }

    public static Task NotFound(HttpContext context) => AnswerAsync(context, NotFoundKind.With("See the documentation for the paths of this API."));

    public static Task MethodNotAllowed(HttpContext context) => AnswerAsync(context, MethodNotAllowedKind.With("The Allow header names those that it takes."));

    public static Task Bug(HttpContext context) => AnswerAsync(context, InternalError.With("This is a bug; the coordinator's log says more."));

    public static Task BadRequest(HttpContext context, BadHttpRequestException exception) => AnswerAsync(context, exception.StatusCode switch
    {
        413 => PayloadTooLarge.With("The body is larger than this path takes."),
        408 => RequestTimeout.With("Send it again, faster."),
        415 => UnsupportedEncoding.With("Bodies are taken as they are: leave Content-Encoding out."),
        503 => Overloaded.With("More bytes are on their way than the coordinator holds in memory; nothing was changed."),
        _ => InvalidRequest.With("The HTTP request is malformed."),
    });

    /// <summary>The client asks more than its share; <c>Retry-After</c> is set.</summary>
    public static Task TooMany(HttpContext context, string detail) => AnswerAsync(context, RateLimited.With(detail));

    public static Task Trouble(HttpContext context, StoreException exception)
    {
        context.Response.Headers.RetryAfter = exception.Trouble == StoreTrouble.Full ? "30" : "1";
        return AnswerAsync(context, exception.Trouble switch
        {
            StoreTrouble.Full => StoreFull.With("There is no room left on the coordinator's disk; reads go on."),
            StoreTrouble.Overloaded => Overloaded.With("More is waiting to be written than the store takes on; nothing was changed."),
            StoreTrouble.Unknown => OutcomeUnknown.With("The database was lost during the commit or just after it: look before you repeat, or repeat with the same Idempotency-Key or leaseToken."),
            _ => StoreUnavailable.With("The store is closing, or its disk or its database is lost."),
        });
    }

    public static Task AnswerAsync(HttpContext context, Problem problem)
    {
        var json = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(json, ApiJson.Options))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, $"urn:weft:problem:{problem.Kind.Code}");
            writer.WriteString("title"u8, problem.Kind.Title);
            WriteMembers(writer, problem);
            writer.WriteEndObject();
        }

        return JsonResponse.WriteAsync(context, json.WrittenMemory, problem.Kind.Status, ContentType);
    }

    /// <summary>The members that an item's outcome has too.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, Problem problem)
    {
        writer.WriteNumber("status"u8, problem.Kind.Status);
        writer.WriteString("code"u8, problem.Kind.Code);
        writer.WriteString("detail"u8, problem.Detail);
    }
}
