namespace Weft.Cli.Modules.Engine;

/// <summary>How a module ended before its <c>_start</c> returned; ExitCode or Error is null.</summary>
/// <param name="ExitCode">It exited by itself.</param>
/// <param name="Error">It was ended by the host, with a human-readable reason.</param>
internal sealed record WasiEnd(uint? ExitCode, string? Error);

/// <summary>Ends the module, even if it catches exceptions.</summary>
internal sealed class WasiEndException(WasiEnd end) : Exception
{
    public WasiEnd End => end;
}
