namespace Weft.Core;

/// <summary>All fixed limits of the coordinator, in one folder: a file for each subject.</summary>
public static partial class Limits
{
    public const string QueueDefault = "default";

    /// <summary>Letters, digits, dots, dashes and underscores, which a URL segment can contain.</summary>
    public const int QueueNameCharsMax = 64;

    public const int TypeCharsMax = 64;
    public const int WorkerIdCharsMax = 128;
    public const int IdempotencyKeyCharsMax = 128;
    public const int GroupNameCharsMax = 128;

    public const int PriorityMin = -100;
    public const int PriorityMax = 100;

    public const int MaxAttemptsDefault = 5;
    public const int MaxAttemptsMax = 100;

    public static readonly TimeSpan LeaseTimeDefault = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan LeaseTimeMin = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LeaseTimeMax = TimeSpan.FromHours(24);

    /// <summary>How far ahead a task may be scheduled, and how long it may remain unfinished.</summary>
    public static readonly TimeSpan DelayMax = TimeSpan.FromDays(366);

    /// <summary>Held requests end before common proxies give up on them (30 s).</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(25);

    public const int CheckpointBytesMax = 64 << 10;
    public const int ErrorCharsMax = 4_096;

    /// <summary>
    /// The newest attempts of one task that are kept: releases don't count as failures, so a task may have any number.
    /// </summary>
    public const int AttemptsKeptMax = 100;

    /// <summary>How far the tasks ahead of another are counted.</summary>
    public const int AheadCountMax = 10_000;

    /// <summary>The tasks of the whole store that finished last and are used for an estimate.</summary>
    public const int FinishSampleMax = 1_000;

    public const int RequirementsMax = 8;
    public const int CapabilitiesMax = 32;
    public const int LabelCharsMax = 64;

    /// <summary>
    /// The bytes that a stored task counts for its owner besides its payload and result: about the size of its rows and
    /// indexes.
    /// </summary>
    public const int TaskStoredBytes = 256;
}
