using ProblemCodes = Weft.Contracts.ProblemCodes;
using Weft.Core;

namespace Weft.Http.Errors;

// Problems with the caller: tokens, origins, workers.
internal static partial class Problems
{
    public static readonly ProblemKind Forbidden = new(403, ProblemCodes.Forbidden, "The token does not allow this");
    public static readonly Problem QueueForbidden = Forbidden.With("The token is not valid for this queue.");

    public static readonly Problem CrossSite =
        new ProblemKind(403, ProblemCodes.CrossSite, "Pages of other origins may not use the API")
            .With("A browser sent this request for a page of another origin; to allow that page, start the " +
                "coordinator with --cors-origins and its origin.");

    public static readonly Problem TokenNotFound = new ProblemKind(404, ProblemCodes.TokenNotFound, "No such token")
        .With("The token never existed, or has been revoked.");

    public static readonly Problem TooManyTokens = new ProblemKind(409, ProblemCodes.TooManyTokens, "Too many tokens")
        .With("Revoke unused tokens.");

    public static readonly Problem MetricsOff = new ProblemKind(404, ProblemCodes.NotFound, "Metrics are off")
        .With("The coordinator must be started with --metrics open or, where tokens are required, --metrics token.");

    public static readonly Problem InvalidWorkerKey =
        new ProblemKind(403, ProblemCodes.InvalidWorkerKey, "The workerKey is not valid")
            .With("It belongs to another coordinator or another token; nothing was changed. POST " +
                "/api/v1/workers returns a new one.");

    public static readonly Problem NoBoard =
        new ProblemKind(404, ProblemCodes.NotFound, "This coordinator has no board")
            .With("Its operator turns it on with weft serve --board.");

    public static readonly Problem NotOnBoard = new ProblemKind(404, ProblemCodes.NotFound, "Not on the board")
        .With("No worker with that id has a name on the board.");

    public static readonly Problem TakenOffBoard =
        Forbidden.With("The operator removed this worker's name from the board; the worker itself is not affected.");

    public static readonly Problem TooManyWorkers =
        new ProblemKind(429, ProblemCodes.TooManyWorkers, "Too many new workers")
            .With($"A network gets at most {Limits.NewcomersMax} keys an hour: continue without one, or try again " +
                "after Retry-After.");
}
