using ProblemCodes = Weft.Contracts.ProblemCodes;

namespace Weft.Http.Errors;

// Problems with requests themselves.
internal static partial class Problems
{
    public static readonly ProblemKind InvalidRequest =
        new(400, ProblemCodes.InvalidRequest, "The request is not valid");
    public static readonly ProblemKind PayloadTooLarge =
        new(413, ProblemCodes.PayloadTooLarge, "The request is too large");

    public static readonly ProblemKind UnsupportedMediaType =
        new(415, ProblemCodes.UnsupportedMediaType, "The path does not accept this Content-Type");

    public static readonly Problem BlobTooLong =
        InvalidRequest.With("The body has more bytes than size allows after offset.");

    private static readonly Problem RunWithoutModule =
        InvalidRequest.With(
            "run needs a module, the task's own or its queue's, unless it has only files and outMb.");

    private static readonly Problem PackagesWithoutPython =
        InvalidRequest.With("run.packages is only for modules that are Python scripts.");
}
