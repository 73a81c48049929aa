using System.Net;
using Weft.Contracts;

namespace Weft.Client;

/// <summary>What kind of trouble a <see cref="WeftException"/> is.</summary>
public enum WeftTrouble
{
    /// <summary>The coordinator said no: <see cref="WeftException.Code"/> says why.</summary>
    Refused,

    /// <summary>Nobody answered, or not to the end.</summary>
    Unreachable,

    /// <summary>
    /// Something on the way answered in the coordinator's place: a proxy's page, or half of an answer.
    /// </summary>
    Disturbed,

    /// <summary>What answers there isn't a coordinator, and none has answered this client before.</summary>
    NotWeft,
}

/// <summary>The coordinator refused a request, or could not be asked.</summary>
public sealed class WeftException : Exception
{
    private WeftException(string message, WeftTrouble trouble, RetryRule rule, Exception? inner)
        : base(message, inner)
    {
        Trouble = trouble;
        Rule = rule;
    }

    /// <summary>What kind of trouble it is.</summary>
    public WeftTrouble Trouble { get; }

    /// <summary>What to do about it.</summary>
    public RetryRule Rule { get; }

    /// <summary>Null when there was no answer.</summary>
    public HttpStatusCode? Status { get; private init; }

    /// <summary>One of <see cref="ProblemCodes"/>; null when it wasn't the coordinator that answered.</summary>
    public string? Code { get; private init; }

    /// <summary>How long whoever answered asked to wait; null when nobody did.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>With <see cref="ProblemCodes.WrongOffset"/>: the bytes of the blob that the coordinator has.</summary>
    public long? Offset { get; private init; }

    /// <summary>True: the same request may go well later. False: it has to change first.</summary>
    public bool IsTransient => Rule == RetryRule.Again;

    /// <summary>True: what was sent is larger than the coordinator, or a proxy before it, takes.</summary>
    public bool IsTooLarge => Status == HttpStatusCode.RequestEntityTooLarge;

    /// <summary>True: certainly nothing was done, so that even what isn't safe to repeat can be.</summary>
    public bool NothingWasDone { get; private init; }

    internal static WeftException Refused(Problem problem, HttpStatusCode status, TimeSpan? retryAfter) =>
        new(problem.Detail, WeftTrouble.Refused, RetryRules.Of(problem.Code, retryAfter is not null), null)
        {
            Status = status,
            Code = problem.Code,
            Offset = problem.Offset,
            RetryAfter = retryAfter,
            NothingWasDone = problem.Code is not (ProblemCodes.OutcomeUnknown or ProblemCodes.InternalError),
        };

    internal static WeftException Unreachable(string message, bool wasNeverSent, Exception inner) =>
        new(message, WeftTrouble.Unreachable, RetryRule.Again, inner) { NothingWasDone = wasNeverSent };

    /// <param name="hadBody">False: what was asked can't have been too large, whatever the status says.</param>
    internal static WeftException Disturbed(string message, HttpStatusCode status, TimeSpan? retryAfter, bool hadBody,
        Exception? inner = null) =>
        new(message, WeftTrouble.Disturbed, hadBody && status == HttpStatusCode.RequestEntityTooLarge
            ? RetryRule.NotThis : RetryRule.Again, inner)
        {
            Status = status,
            RetryAfter = retryAfter,
        };

    internal static WeftException Miscounted(Uri url) =>
        Disturbed($"The server at {url} did not return an outcome for each task.", HttpStatusCode.OK, retryAfter: null,
            hadBody: true);

    internal static WeftException NotWeft(string message, HttpStatusCode status, Exception? inner) =>
        new(message, WeftTrouble.NotWeft, RetryRule.Never, inner) { Status = status };
}
