namespace Weft.Cli.Modules.Engine;

/// <summary>How a module has ended before its <c>_start</c> returned: one of the two is null.</summary>
/// <param name="ExitCode">By itself.</param>
/// <param name="Error">By its system, with the words for people.</param>
internal sealed record WasiEnd(uint? ExitCode, string? Error);

/// <summary>Ends the module, whatever it catches.</summary>
internal sealed class WasiEndException(WasiEnd end) : Exception
{
    public WasiEnd End => end;
}
