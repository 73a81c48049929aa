using System.Net;
using Weft.Contracts;

namespace Weft.Client;

/// <summary>The kinds of failure of a <see cref="WeftException"/>.</summary>
public enum WeftTrouble
{
    /// <summary>The coordinator refused the request: see <see cref="WeftException.Code"/>.</summary>
    Refused,

    /// <summary>There was no response, or an incomplete one.</summary>
    Unreachable,

    /// <summary>
    /// Something between client and coordinator answered, such as a proxy, or the response was truncated.
    /// </summary>
    Disturbed,

    /// <summary>The server there isn't a coordinator, and none has answered this client before.</summary>
    NotWeft,
}

/// <summary>The coordinator refused a request, or could not be reached.</summary>
public sealed class WeftException : Exception
{
    private WeftException(string message, WeftTrouble trouble, RetryRule rule, Exception? inner)
        : base(message, inner)
    {
        Trouble = trouble;
        Rule = rule;
    }

    /// <summary>The kind of failure.</summary>
    public WeftTrouble Trouble { get; }

    /// <summary>How to handle the failure.</summary>
    public RetryRule Rule { get; }

    /// <summary>The status; null if there was no response.</summary>
    public HttpStatusCode? Status { get; private init; }

    /// <summary>One of <see cref="ProblemCodes"/>; null if the coordinator itself didn't answer.</summary>
    public string? Code { get; private init; }

    /// <summary>How long the response asked to wait; null if it didn't.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>With <see cref="ProblemCodes.WrongOffset"/>: how many bytes of the blob the coordinator has.</summary>
    public long? Offset { get; private init; }

    /// <summary>True: the same request may succeed later. False: it has to change first.</summary>
    public bool IsTransient => Rule == RetryRule.Again;

    /// <summary>True: the body is larger than the coordinator, or a proxy in front of it, accepts.</summary>
    public bool IsTooLarge => Status == HttpStatusCode.RequestEntityTooLarge;

    /// <summary>True: the request certainly had no effect, so that it can be repeated in any case.</summary>
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

    /// <param name="hadBody">False: the request can't have been too large, whatever the status says.</param>
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
