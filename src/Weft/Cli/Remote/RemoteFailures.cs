using Weft.Client;
using Weft.CommandLine;

namespace Weft.Cli.Remote;

/// <summary>The coordinator refused a request, or a proxy in front of it rejected it.</summary>
internal sealed class RefusedFailure(WeftException refused, string message) : CommandFailure(message)
{
    /// <summary>One of <see cref="Contracts.ProblemCodes"/>; null if it was a proxy.</summary>
    public string? Code => refused.Code;

    /// <summary>True: the request is larger than the coordinator, or a proxy in front of it, accepts.</summary>
    public bool IsTooLarge => refused.IsTooLarge;
}
