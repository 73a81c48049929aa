namespace Weft.CommandLine;

/// <summary>The exit codes of <c>weft</c>.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>It failed; one line on stderr says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line is invalid.</summary>
    public const int Usage = 2;

    /// <summary>A task is dead or cancelled.</summary>
    public const int TaskLost = 3;

    /// <summary>A task isn't finished.</summary>
    public const int TaskUnfinished = 4;

    /// <summary>It succeeded, but its output could not be written to stdout.</summary>
    public const int OutputLost = 5;

    /// <summary>It succeeded, but a printed result was found wrong later.</summary>
    public const int ResultCorrected = 6;

    /// <summary>It was interrupted: the shells' code for SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>The reader of its output has gone: the shells' code for SIGPIPE.</summary>
    public const int ReaderGone = 141;
}
