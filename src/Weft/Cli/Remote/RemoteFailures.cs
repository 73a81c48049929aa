using System.Net;

namespace Weft.Cli.Remote;

/// <summary>The coordinator can't be reached, or is in trouble: the same may go well later.</summary>
internal sealed class UnreachableFailure(string message) : CommandFailure(message);

/// <summary>The coordinator doesn't do this.</summary>
/// <param name="code">One of <see cref="Contracts.ProblemCodes"/>.</param>
internal sealed class RefusedFailure(HttpStatusCode status, string code, string message) : CommandFailure(message)
{
    public HttpStatusCode Status => status;

    public string Code => code;
}
