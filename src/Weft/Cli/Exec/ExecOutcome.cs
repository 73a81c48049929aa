namespace Weft.Cli.Exec;

/// <summary>How a program ended: one of the two is null.</summary>
/// <param name="Output">What it wrote to its stdout.</param>
/// <param name="Error">Why it failed, for people.</param>
internal sealed record ExecOutcome(byte[]? Output, string? Error)
{
    public static ExecOutcome Done(byte[] output) => new(output, null);

    public static ExecOutcome Failed(string error) => new(null, error);
}
