namespace Weft.Cli.Exec;

/// <summary>How a task went, for <c>weft worker --json</c>.</summary>
/// <param name="Outcome"><c>completed</c>, <c>failed</c>, <c>released</c> or <c>dropped</c>.</param>
/// <param name="Error">Null when it is completed or released.</param>
internal sealed record ExecLine(long Id, int Attempt, string Outcome, string? Error);
