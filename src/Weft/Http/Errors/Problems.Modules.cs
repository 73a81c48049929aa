using ProblemCodes = Weft.Contracts.ProblemCodes;
using Weft.Core;

namespace Weft.Http.Errors;

// Problems of modules, blobs and packages.
internal static partial class Problems
{
    public static readonly ProblemKind InvalidModule = new(400, ProblemCodes.InvalidModule, "Not a valid module");

    public static readonly Problem ModuleNotFound = new ProblemKind(404, ProblemCodes.ModuleNotFound, "No such module")
        .With("It was never pushed, or has been deleted; push it with PUT /api/v1/modules.");

    /// <summary>The same for a module that the body names: the path exists.</summary>
    public static readonly Problem NamedModuleNotFound = (ModuleNotFound.Kind with { Status = 422 })
        .With("It was never pushed, has been deleted, or belongs to other submitters only; push it with " +
            "PUT /api/v1/modules.");

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
        .With("It was never pushed completely, or has been deleted; push it with PUT /api/v1/blobs/{sha256}.");

    /// <summary>The same for a blob that the body names.</summary>
    public static readonly Problem NamedBlobNotFound = (BlobNotFound.Kind with { Status = 422 })
        .With("A file's blob was never pushed completely, has been deleted, or belongs to other submitters only; " +
            "push it with PUT /api/v1/blobs/{sha256}.");

    /// <summary>The same for a blob that a complete names.</summary>
    private static readonly Problem OutputNotFound = NamedBlobNotFound.Kind
        .With("An output's blob was not pushed under the task's lease, is gone, or has another size; push it with " +
            "PUT /api/v1/tasks/{id}/outputs/{sha256}.");

    public static readonly Problem BlobInUse = new ProblemKind(409, ProblemCodes.BlobInUse, "The blob is in use")
        .With("A queue or a stored task, possibly a finished one, refers to it.");

    private static readonly Problem HashMismatch =
        new ProblemKind(400, ProblemCodes.HashMismatch, "The bytes don't match the hash")
            .With("All bytes have arrived and don't hash to the blob's name; they were dropped: push it again from " +
                "the start.");

    private static readonly Problem WrongOffset =
        new ProblemKind(409, ProblemCodes.WrongOffset, "The push continues at another offset")
            .With("The coordinator has the bytes up to offset: send those that follow.");

    private static readonly Problem TooManyBlobs = new ProblemKind(409, ProblemCodes.TooManyBlobs, "Too many blobs")
        .With($"The coordinator has reached its limit of {Limits.BlobsMax} blobs, or --max-blobs-bytes; " +
            $"delete unused ones.");

    private static readonly Problem TooManyBlobsOfToken = TooManyBlobs.Kind
        .With($"The token has reached its limit of {Limits.BlobsOfOwnerMax} blobs, of their bytes, or of unfinished " +
            $"pushes; delete unused blobs.");

    private static readonly Problem TooManyOutputs = TooManyBlobs.Kind
        .With($"A task may write at most {Limits.OutputsMax} files, and no more bytes than its run.outMb, " +
            $"if it has one, and --max-output-bytes allow.");

    public static readonly Problem ModuleNotRepeatable =
        new ProblemKind(422, ProblemCodes.ModuleNotRepeatable, "The module's results can't be compared")
            .With("Equal runs of it may give different bytes, so that honest workers would differ: compare numbers " +
                "with a tolerance, or build it without the features that its verdict names.");

    /// <summary>Packages that a task names conflict, or don't exist.</summary>
    public static readonly ProblemKind PackagesUnresolved =
        new(422, ProblemCodes.PackagesUnresolved, "The packages can't be resolved");

    public static readonly Problem NotVerified =
        new ProblemKind(404, ProblemCodes.NotFound, "The queue does not verify results")
            .With("Results of its tasks are accepted at once, unless a task says otherwise: PUT /api/v1/queues/" +
                "{queue}/verify changes that.");
}
