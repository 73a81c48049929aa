namespace Weft.Cli.Modules.Engine;

/// <summary>Errors, as WASI numbers them (its type <c>errno</c>).</summary>
internal static class WasiErrno
{
    public const int Success = 0;
    public const int BadDescriptor = 8;
    public const int Exists = 20;
    public const int Invalid = 28;
    public const int Failed = 29;
    public const int IsFolder = 31;
    public const int TooManyOpen = 33;
    public const int NoEntry = 44;
    public const int NoSpace = 51;
    public const int NotSupported = 52;
    public const int NoFolder = 54;
    public const int NotEmpty = 55;
    public const int NotSocket = 57;
    public const int NotPermitted = 63;
    public const int ReadOnly = 69;
    public const int NoSeek = 70;
    public const int NotCapable = 76;
}
