using System.Text.Json;
using Weft.Contracts;

namespace Weft.Cli.Map;

/// <summary>The outcome of a line, for <c>weft map --json</c>.</summary>
/// <param name="Line">From 1.</param>
/// <param name="State"><c>completed</c>, <c>dead</c> or <c>cancelled</c>.</param>
/// <param name="Result">Null unless completed.</param>
/// <param name="Error">Why the last attempt failed; null for none.</param>
/// <param name="Outputs">The files that the task wrote; null for none.</param>
internal sealed record MapLine(
    long Line, long Id, string State, JsonElement? Result, string? Error, IReadOnlyList<TaskOutput>? Outputs = null);
