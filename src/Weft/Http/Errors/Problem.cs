namespace Weft.Http.Errors;

/// <summary>A kind of problem: its status and its stable code never change.</summary>
internal sealed record ProblemKind(int Status, string Code, string Title)
{
    public Problem With(string detail) => new(this, detail);
}

/// <param name="Kind">The kind, by which programs decide.</param>
/// <param name="Detail">The specific error, human-readable: names the member, never its value.</param>
/// <param name="Offset">Where to continue a push; null otherwise.</param>
internal sealed record Problem(ProblemKind Kind, string Detail, long? Offset = null);
