namespace Weft.CommandLine;

/// <summary>What <c>weft</c> ends with.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>It could not do what it was asked; one line on stderr says why.</summary>
    public const int Failed = 1;

    /// <summary>It was asked in a way that it doesn't understand.</summary>
    public const int Usage = 2;

    /// <summary>A task is dead or cancelled.</summary>
    public const int TaskLost = 3;

    /// <summary>A task isn't finished.</summary>
    public const int TaskUnfinished = 4;

    /// <summary>It was done, but what it had to say could not be written to stdout.</summary>
    public const int OutputLost = 5;

    /// <summary>It was done, but a result that it had printed was found wrong since.</summary>
    public const int ResultCorrected = 6;

    /// <summary>It was stopped before it was done: what shells make of SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>Nobody reads its output any more: what shells make of SIGPIPE.</summary>
    public const int ReaderGone = 141;
}
