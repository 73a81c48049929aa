using Weft.Client;
using Weft.CommandLine;

namespace Weft.Cli.Remote;

/// <summary>The coordinator refused something, or a proxy before it could not take it.</summary>
internal sealed class RefusedFailure(WeftException refused, string message) : CommandFailure(message)
{
    /// <summary>One of <see cref="Contracts.ProblemCodes"/>; null when it was a proxy.</summary>
    public string? Code => refused.Code;

    /// <summary>True: what was sent is larger than the coordinator, or a proxy before it, takes.</summary>
    public bool IsTooLarge => refused.IsTooLarge;
}
