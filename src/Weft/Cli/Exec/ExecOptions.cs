namespace Weft.Cli.Exec;

/// <summary>How <c>weft worker</c> works.</summary>
/// <param name="WorkerId">1 to 128 characters.</param>
/// <param name="Queues">Null: the default one.</param>
/// <param name="Concurrency">Programs that run at once.</param>
/// <param name="LeaseTime">After this much silence a task goes to another worker.</param>
/// <param name="Capabilities">Null: none.</param>
/// <param name="AsText">Results are text even where they look like JSON.</param>
/// <param name="PrintsJson">Every task that ended is a line on stdout.</param>
internal sealed record ExecOptions(
    string WorkerId, IReadOnlyList<string>? Queues, int Concurrency, TimeSpan LeaseTime, IReadOnlyList<string>? Capabilities, bool AsText, bool PrintsJson);
