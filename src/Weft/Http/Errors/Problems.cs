using System.Buffers;
using System.Text.Json;
using ProblemCodes = Weft.Contracts.ProblemCodes;
using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.UseCases;
using Weft.Metrics;

namespace Weft.Http.Errors;

/// <summary>The problems of the API, and how they are answered: RFC 9457, with a stable <c>code</c>.</summary>
internal static class Problems
{
    /// <summary>
    /// How long to wait when an owner has too much unfinished: nothing tells when its next task finishes.
    /// </summary>
    public const string OwnerFullRetrySeconds = "5";

    private const string ContentType = "application/problem+json";

    public static readonly ProblemKind InvalidRequest =
        new(400, ProblemCodes.InvalidRequest, "The request is not valid");
    public static readonly ProblemKind PayloadTooLarge =
        new(413, ProblemCodes.PayloadTooLarge, "The request is too large");

    public static readonly Problem TaskNotFound = new ProblemKind(404, ProblemCodes.TaskNotFound, "No such task")
        .With("It never existed, or retention has deleted it.");

    public static readonly Problem GroupNotFound = new ProblemKind(404, ProblemCodes.GroupNotFound, "No such group")
        .With("The group was never created (POST /api/v1/groups), or went with the last of its tasks.");

    private static readonly Problem GroupSealed = new ProblemKind(409, ProblemCodes.GroupSealed, "The group is sealed")
        .With("The group takes no more tasks: submit to another one.");

    public static readonly Problem TooManyGroups =
        new ProblemKind(409, ProblemCodes.TooManyGroups, "The token has too many groups")
            .With("The token has the maximum number of groups; retention deletes those whose tasks are gone.");

    public static readonly Problem OperationNotFound =
        new ProblemKind(404, ProblemCodes.OperationNotFound, "No such operation")
            .With("It was never started (POST /api/v1/operations), or retention has deleted it.");

    public static readonly Problem TooManyOperations =
        new ProblemKind(409, ProblemCodes.TooManyOperations, "Too many operations")
            .With($"At most {Limits.BulkOperationsMax} operations may be unfinished, {Limits.BulkOperationsOfTokenMax} "
                + "of one token: wait until one is over, or stop one.");

    public static readonly Problem WebhookNotFound =
        new ProblemKind(404, ProblemCodes.WebhookNotFound, "No such webhook")
            .With("It was never registered (POST /api/v1/webhooks), or has been deleted.");

    public static readonly Problem TooManyWebhooks =
        new ProblemKind(409, ProblemCodes.TooManyWebhooks, "Too many webhooks")
            .With($"The coordinator has at most {Limits.WebhooksMax} webhooks, and a submitter "
                + $"{Limits.WebhooksOfTokenMax}; delete an unused one.");

    public static readonly ProblemKind WebhookAddressRefused =
        new(422, ProblemCodes.WebhookAddressRefused, "Webhooks may not be sent to this address");

    public static readonly Problem TooManyQueues = new ProblemKind(409, ProblemCodes.TooManyQueues, "Too many queues")
        .With("The coordinator has the maximum number of queues; use an existing one.");

    /// <summary>Each queue's run is held in memory.</summary>
    public static readonly Problem TooManyRuns = TooManyQueues.Kind
        .With($"The runs of all queues would have more than {Limits.QueueRunsBytesMax >> 20} MiB: give large ones " +
            $"with the tasks instead.");

    public static readonly ProblemKind InvalidModule = new(400, ProblemCodes.InvalidModule, "Not a valid module");
    public static readonly ProblemKind UnsupportedMediaType =
        new(415, ProblemCodes.UnsupportedMediaType, "The path does not accept this Content-Type");

    public static readonly Problem ModuleNotFound = new ProblemKind(404, ProblemCodes.ModuleNotFound, "No such module")
        .With("It was never pushed, or has been deleted; push it with PUT /api/v1/modules.");

    /// <summary>The same for a module that the body names: the path exists.</summary>
    public static readonly Problem NamedModuleNotFound = (ModuleNotFound.Kind with { Status = 422 })
        .With("It was never pushed, has been deleted, or is only other submitters'; push it with PUT /api/v1/modules.");

    public static readonly Problem ModuleInUse = new ProblemKind(409, ProblemCodes.ModuleInUse, "The module is in use")
        .With("A queue or a stored task, possibly a finished one, refers to it.");

    public static readonly Problem JavaScriptNotAllowed =
        new ProblemKind(403, ProblemCodes.JavaScriptNotAllowed, "JavaScript modules are not allowed")
            .With("The coordinator must be started with --allow-javascript-modules.");

    public static readonly Problem PythonNotAllowed =
        new ProblemKind(403, ProblemCodes.PythonNotAllowed, "Python modules are not allowed")
            .With("The coordinator must be started with --allow-python-modules, unless it requires no token and " +
                "only this machine reaches it.");

    public static readonly Problem TooManyModules =
        new ProblemKind(409, ProblemCodes.TooManyModules, "Too many modules")
            .With($"The coordinator stores at most {Limits.ModulesMax} modules; delete an unused one.");

    public static readonly Problem TooManyModulesOfToken =
        new ProblemKind(409, ProblemCodes.TooManyModules, "The token has too many modules")
            .With("The token has pushed the maximum number of modules, or bytes of them; delete an unused one.");

    public static readonly Problem BlobNotFound = new ProblemKind(404, ProblemCodes.BlobNotFound, "No such blob")
        .With("It was never pushed to its end, or has been deleted; push it with PUT /api/v1/blobs/{sha256}.");

    /// <summary>The same for a blob that the body names.</summary>
    public static readonly Problem NamedBlobNotFound = (BlobNotFound.Kind with { Status = 422 })
        .With("A file's blob was never pushed to its end, has been deleted, or is only other submitters'; push it " +
            "with PUT /api/v1/blobs/{sha256}.");

    /// <summary>The same for one that a complete names.</summary>
    private static readonly Problem OutputNotFound = NamedBlobNotFound.Kind
        .With("An output's blob was not pushed under the task's lease, is gone, or has another size; push it with " +
            "PUT /api/v1/tasks/{id}/outputs/{sha256}.");

    public static readonly Problem BlobInUse = new ProblemKind(409, ProblemCodes.BlobInUse, "The blob is in use")
        .With("A queue or a stored task, possibly a finished one, refers to it.");

    public static readonly Problem BlobTooLong =
        InvalidRequest.With("The body has more bytes than size leaves after offset.");

    private static readonly Problem HashMismatch =
        new ProblemKind(400, ProblemCodes.HashMismatch, "The bytes have another hash")
            .With("All bytes have arrived and don't hash to the blob's name; they were dropped: push it again from " +
                "the start.");

    private static readonly Problem WrongOffset =
        new ProblemKind(409, ProblemCodes.WrongOffset, "The push goes on elsewhere")
            .With("The coordinator has the bytes up to offset: send those that follow.");

    private static readonly Problem TooManyBlobs = new ProblemKind(409, ProblemCodes.TooManyBlobs, "Too many blobs")
        .With($"The coordinator has {Limits.BlobsMax} blobs, or its limit of bytes of them (--max-blobs-bytes); " +
            $"delete unused ones.");

    private static readonly Problem TooManyBlobsOfToken = TooManyBlobs.Kind
        .With($"The token has {Limits.BlobsOfOwnerMax} blobs, or its limit of bytes of them, or of unfinished " +
            $"pushes; delete unused blobs.");

    private static readonly Problem TooManyOutputs = TooManyBlobs.Kind
        .With($"A task writes at most {Limits.OutputsMax} files, with at most the bytes that its run.outMb asks for, " +
            $"which may be none, and --max-output-bytes.");

    public static readonly ProblemKind Forbidden = new(403, ProblemCodes.Forbidden, "The token does not allow this");
    public static readonly Problem QueueForbidden = Forbidden.With("The token is not valid for this queue.");

    public static readonly Problem CrossSite =
        new ProblemKind(403, ProblemCodes.CrossSite, "Pages of other origins may not use the API")
            .With("A browser sent this request for a page of another origin; to allow that page, start the " +
                "coordinator with --cors-origins and its origin.");

    public static readonly Problem NotVerified =
        new ProblemKind(404, ProblemCodes.NotFound, "The queue does not verify")
            .With("Results of its tasks are believed at once, unless a task says otherwise: PUT /api/v1/queues/" +
                "{queue}/verify changes that.");

    public static readonly Problem InvalidWorkerKey =
        new ProblemKind(403, ProblemCodes.InvalidWorkerKey, "The workerKey is not valid")
            .With("It is not this coordinator's, or belongs to another token; nothing was changed. POST " +
                "/api/v1/workers gives another.");

    public static readonly Problem TooManyWorkers =
        new ProblemKind(429, ProblemCodes.TooManyWorkers, "Too many new workers")
            .With($"A network gets at most {Limits.NewcomersMax} keys an hour: go on without one, or come again " +
                "after Retry-After.");

    public static readonly Problem ModuleNotRepeatable =
        new ProblemKind(422, ProblemCodes.ModuleNotRepeatable, "The module's runs can't be compared")
            .With("Equal runs of it may give different bytes, so that honest workers would differ: compare numbers " +
                "with a tolerance, or build it without what its verdict names.");

    public static readonly Problem TokenNotFound = new ProblemKind(404, ProblemCodes.TokenNotFound, "No such token")
        .With("The token never existed, or has been revoked.");

    public static readonly Problem TooManyTokens = new ProblemKind(409, ProblemCodes.TooManyTokens, "Too many tokens")
        .With("Revoke unused tokens.");

    public static readonly Problem MetricsOff = new ProblemKind(404, ProblemCodes.NotFound, "Metrics are off")
        .With("The coordinator must be started with --metrics open or, where tokens are required, --metrics token.");

    private static readonly Problem StaleLease = new ProblemKind(409, ProblemCodes.StaleLease, "The lease is stale")
        .With("The leaseToken is not the newest one for this task: drop the task.");

    private static readonly Problem TaskFinished =
        new ProblemKind(409, ProblemCodes.TaskFinished, "The task is already finished")
            .With("The task is already finished; nothing was changed.");

    private static readonly Problem TaskCancelled =
        new ProblemKind(409, ProblemCodes.TaskCancelled, "The task was cancelled")
            .With("Its submitter no longer wants it: drop the task.");

    private static readonly Problem TaskNotDead = new ProblemKind(409, ProblemCodes.TaskNotDead, "The task is not dead")
        .With("Only a dead task can be retried.");

    private static readonly Problem KeyMismatch =
        new ProblemKind(422, ProblemCodes.IdempotencyMismatch, "The idempotency key was already used")
            .With("The Idempotency-Key was used with a different body; nothing was stored.");

    private static readonly Problem TooManyRequirements =
        new ProblemKind(409, ProblemCodes.TooManyRequirements, "The queue has too many sets of requirements")
            .With("The queue has the maximum number of distinct sets of requirements; use fewer, or another queue.");

    private static readonly Problem TooManyUnfinished =
        new ProblemKind(429, ProblemCodes.TooManyUnfinished, "The token has too much unfinished work")
            .With("The token would exceed its limit on unfinished tasks, or on bytes of their payloads: submit " +
                "less, or later.");

    private static readonly Problem TooMuchStored =
        new ProblemKind(409, ProblemCodes.TooMuchStored, "The token has too much stored")
            .With("The token would exceed its limit on bytes of payloads and results, including those of finished " +
                "tasks; retention frees space.");

    private static readonly Problem TooManyQueuesOfToken = TooManyQueues.Kind
        .With("The token has created the maximum number of queues: use an existing one, or wait until some are empty.");

    private static readonly Problem TooManyRequirementsOfToken = TooManyRequirements.Kind
        .With($"The token has created {Limits.LanesPerQueueOfOwnerMax} sets of requirements in this queue, the " +
            $"maximum; use fewer, or another queue.");

    private static readonly Problem RunWithoutModule =
        InvalidRequest.With(
            "run needs a module, the task's own or its queue's, unless it has only files and outMb.");

    private static readonly Problem PackagesWithoutPython =
        InvalidRequest.With("run.packages belongs to a module that is a Python script.");

    /// <summary>Packages that a task names can't be had together, or not at all.</summary>
    public static readonly ProblemKind PackagesUnresolved =
        new(422, ProblemCodes.PackagesUnresolved, "The packages can't be had");

    /// <summary>What a refusal is on the wire; null for <see cref="Refusal.None"/>.</summary>
    public static Problem? Of(Refusal refusal) => refusal switch
    {
        Refusal.None => null,
        Refusal.NotFound => TaskNotFound,
        Refusal.StaleLease => StaleLease,
        Refusal.AlreadyFinished => TaskFinished,
        Refusal.Cancelled => TaskCancelled,
        Refusal.NotDead => TaskNotDead,
        Refusal.OwnerFull => TooManyUnfinished,
        Refusal.OutputNotFound => OutputNotFound,
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "No request can lead to this refusal."),
    };

    /// <summary>Why nothing was stored; null when something was.</summary>
    public static Problem? Of(SubmitStatus status) => status switch
    {
        SubmitStatus.KeyMismatch => KeyMismatch,
        SubmitStatus.GroupNotFound => GroupNotFound,
        SubmitStatus.GroupSealed => GroupSealed,
        SubmitStatus.TooManyRequirements => TooManyRequirements,
        SubmitStatus.TooManyQueues => TooManyQueues,
        SubmitStatus.OwnerFull => TooManyUnfinished,
        SubmitStatus.OwnerStoreFull => TooMuchStored,
        SubmitStatus.OwnerQueuesFull => TooManyQueuesOfToken,
        SubmitStatus.OwnerRequirementsFull => TooManyRequirementsOfToken,
        SubmitStatus.ModuleNotFound => NamedModuleNotFound,
        SubmitStatus.BlobNotFound => NamedBlobNotFound,
        SubmitStatus.ModuleNotRepeatable => ModuleNotRepeatable,
        SubmitStatus.RunWithoutModule => RunWithoutModule,
        SubmitStatus.PackagesWithoutPython => PackagesWithoutPython,
        SubmitStatus.QueueForbidden => QueueForbidden,
        _ => null,
    };

    /// <summary>Why a blob isn't pushed; null when it is, or was a part of the way.</summary>
    public static Problem? Of(BlobPushed pushed) => pushed.Status switch
    {
        BlobPushStatus.WrongOffset => WrongOffset with { Offset = pushed.Offset },
        BlobPushStatus.HashMismatch => HashMismatch,
        BlobPushStatus.TooLong => BlobTooLong,
        BlobPushStatus.StoreFull => TooManyBlobs,
        BlobPushStatus.OwnerFull => TooManyBlobsOfToken,
        BlobPushStatus.TaskFull => TooManyOutputs,
        _ => null,
    };

    public static Problem BlobTooLarge(long bytesMax) =>
        PayloadTooLarge.With($"A blob has at most {bytesMax} bytes (--max-blob-bytes).");

    /// <summary>Answers why nothing was stored.</summary>
    public static Task RefuseSubmitAsync(HttpContext context, Problem problem)
    {
        if (problem == TooManyUnfinished) context.Response.Headers.RetryAfter = OwnerFullRetrySeconds;
        if (problem == TooManyUnfinished || problem == TooMuchStored) RequestMeter.Refused(context, RefusedBy.Quota);
        return AnswerAsync(context, problem);
    }

    public static Task AnswerAsync(HttpContext context, Problem problem)
    {
        var json = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(json, JsonResponse.WriterOptions))
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
        if (problem.Offset is { } offset) writer.WriteNumber("offset"u8, offset);
    }
}
