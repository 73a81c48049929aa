using System.Net;
using Weft.Contracts;

namespace Weft.Client;

/// <summary>The coordinator refused a request, or could not be asked.</summary>
public sealed class WeftException : Exception
{
    internal WeftException(string message, HttpStatusCode? status, string? code, TimeSpan? retryAfter, Exception? inner)
        : base(message, inner)
    {
        Status = status;
        Code = code;
        RetryAfter = retryAfter;
    }

    /// <summary>Null when there was no answer: decide by <see cref="IsTransient"/>.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>One of <see cref="Contracts.ProblemCodes"/>; null when what answered is not a coordinator, or nothing did.</summary>
    public string? Code { get; }

    /// <summary>True: the same request may go well later. False: it has to change first.</summary>
    public bool IsTransient => Status is null or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    /// <summary>How long the coordinator asked to wait.</summary>
    internal TimeSpan? RetryAfter { get; }

    /// <summary>True: the coordinator itself said no before it did anything, so that even what isn't safe to repeat can be.</summary>
    internal bool NothingWasDone => Code is not (null or ProblemCodes.OutcomeUnknown) && Status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.InsufficientStorage;
}
