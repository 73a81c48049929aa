namespace Weft.Http.Errors;

/// <summary>A kind of problem: its status and its stable code never change.</summary>
internal sealed record ProblemKind(int Status, string Code, string Title)
{
    public Problem With(string detail) => new(this, detail);
}

/// <param name="Kind">What programs decide by.</param>
/// <param name="Detail">What was wrong this time, for people: names the member, never its value.</param>
/// <param name="Offset">Where a push goes on; null: it is none.</param>
internal sealed record Problem(ProblemKind Kind, string Detail, long? Offset = null);
