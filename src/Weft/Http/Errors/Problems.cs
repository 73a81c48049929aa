using System.Buffers;
using System.Text.Json;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.UseCases;

namespace Weft.Http.Errors;

/// <summary>The problems of the API and their responses: RFC 9457, with a stable <c>code</c>.</summary>
internal static partial class Problems
{
    /// <summary>
    /// How long to wait if an owner has too many unfinished tasks: it is unknown when the next one will finish.
    /// </summary>
    public const string OwnerFullRetrySeconds = "5";

    private const string ContentType = "application/problem+json";

    /// <summary>A refusal's problem; null for <see cref="Refusal.None"/>.</summary>
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

    /// <summary>Why a blob isn't pushed; null if it is, or was a part of the way.</summary>
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
        PayloadTooLarge.With($"A blob may have at most {bytesMax} bytes (--max-blob-bytes).");

    /// <summary>Answers with the reason why nothing was stored.</summary>
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

    /// <summary>The members that an item's outcome has as well.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, Problem problem)
    {
        writer.WriteNumber("status"u8, problem.Kind.Status);
        writer.WriteString("code"u8, problem.Kind.Code);
        writer.WriteString("detail"u8, problem.Detail);
        if (problem.Offset is { } offset) writer.WriteNumber("offset"u8, offset);
    }
}
