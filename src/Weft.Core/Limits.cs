namespace Weft.Core;

/// <summary>Every bound of the coordinator that isn't an option, in one place.</summary>
public static class Limits
{
    public const string QueueDefault = "default";

    /// <summary>Letters, digits, dot, dash, underscore: fit for a URL's segment.</summary>
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

    /// <summary>How far ahead a task may be scheduled, and how long it may live unfinished.</summary>
    public static readonly TimeSpan DelayMax = TimeSpan.FromDays(366);

    /// <summary>Held requests end before common proxies give up on them (30 s).</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(25);

    public static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    /// <summary>Tasks in one sweep's transaction, so that a wave of lapsed leases doesn't hold up the requests.</summary>
    public const int SweepBatchMax = 1_000;

    /// <summary>Tasks that retention deletes in one transaction.</summary>
    public const int RetentionBatchMax = 500;

    public static readonly TimeSpan RetentionInterval = TimeSpan.FromSeconds(10);

    public const int SubmitBatchMax = 1_000;
    public const int SettleBatchMax = 1_000;
    public const int ClaimBatchMax = 1_000;
    public const int ClaimQueuesMax = 32;
    public const int ListPageMax = 1_000;

    /// <summary>Rows that one listed page may look at where the filter finds few.</summary>
    public const int ListScanMax = 10_000;

    /// <summary>Bytes of one task's payload or result in a batch.</summary>
    public const int BatchItemBytesMax = 1 << 20;

    /// <summary>Bytes of one request of the new surface.</summary>
    public const int RequestBytesMax = 32 << 20;

    /// <summary>Bytes of payloads that one claim hands out, past the first task.</summary>
    public const int ClaimBytesMax = 32 << 20;

    /// <summary>Bytes of results in one page of a group's, past the first.</summary>
    public const int ResultsPageBytesMax = 4 << 20;

    public const int CheckpointBytesMax = 64 << 10;
    public const int ErrorCharsMax = 4_096;

    public const int RequirementsMax = 8;
    public const int CapabilitiesMax = 32;
    public const int LabelCharsMax = 64;

    /// <summary>Distinct sets of requirements that one queue may hold: each costs every claim a look.</summary>
    public const int LanesPerQueueMax = 64;

    /// <summary>Tokens that a store keeps; all of them are at hand in memory.</summary>
    public const int TokensMax = 10_000;

    public const int TokenNameCharsMax = 128;
    public const int TokenQueuesMax = 32;
    public static readonly TimeSpan TokenTimeMax = TimeSpan.FromDays(3_660);

    /// <summary>Queues that a store knows; each is in memory, and a name that was made up once stays.</summary>
    public const int QueuesMax = 10_000;

    /// <summary>Bytes of one module.</summary>
    public const long ModuleBytesMax = 64 << 20;

    /// <summary>Bytes that a module is stored and read by: small enough that one transaction of them holds up nobody.</summary>
    public const int ModuleChunkBytes = 256 << 10;

    public const int ModulesMax = 1_000;

    /// <summary>An upload of which nothing has come for so long was given up; on a store that coordinators share nothing else tells.</summary>
    public static readonly TimeSpan ModuleUploadIdleMax = TimeSpan.FromHours(1);
    public const int ModuleNameCharsMax = 128;

    public const int RunArgsMax = 64;
    public const int RunArgBytesMax = 4 << 10;
    public const int RunEnvMax = 64;

    /// <summary>Bytes of all arguments and variables of one run.</summary>
    public const int RunBytesMax = 16 << 10;

    public static readonly TimeSpan RunTimeDefault = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan RunTimeMin = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan RunTimeMax = TimeSpan.FromHours(24);

    public const int RunMemoryMbDefault = 256;
    public const int RunMemoryMbMax = 4_096;

    public const int WorkersRememberedMax = 10_000;

    /// <summary>Workers that a coordinator tells the others about at once.</summary>
    public const int WorkersPublishedMax = 1_000;

    public static readonly TimeSpan WorkersPublishInterval = TimeSpan.FromSeconds(2);

    /// <summary>A coordinator that has told nothing for this long is gone: nobody waits there any more.</summary>
    public static readonly TimeSpan CoordinatorGoneTime = TimeSpan.FromSeconds(15);

    /// <summary>How long the workers stay listed that only a coordinator has seen that is gone.</summary>
    public static readonly TimeSpan WorkersOfGoneKeptTime = TimeSpan.FromMinutes(10);

    /// <summary>In one of so many rounds of telling it is looked for coordinators that are gone.</summary>
    public const int WorkersForgottenRounds = 15;

    /// <summary>Tasks in hand that the list of workers tells of each.</summary>
    public const int WorkerTasksListedMax = 100;

    /// <summary>Rows that one list of workers may look at for what they have in hand.</summary>
    public const int LeasedScanMax = 10_000;

    /// <summary>A worker counts as active when it was seen within this time.</summary>
    public static readonly TimeSpan WorkerActiveTime = TimeSpan.FromSeconds(10);
}
