namespace Weft.Core;

// Limits of how a module is run.
public static partial class Limits
{
    public const int RunArgsMax = 64;
    public const int RunArgBytesMax = 4 << 10;
    public const int RunEnvMax = 64;

    /// <summary>Bytes of all arguments and variables of one run.</summary>
    public const int RunBytesMax = 16 << 10;

    /// <summary>Bytes of JSON for all queues' runs together, approximately: each is held in memory.</summary>
    public const long QueueRunsBytesMax = 16 << 20;

    /// <summary>Bytes of runs in one page of the list of queues, plus the first.</summary>
    public const int QueuesPageRunBytesMax = 256 << 10;

    public static readonly TimeSpan RunTimeDefault = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan RunTimeMin = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan RunTimeMax = TimeSpan.FromHours(24);

    /// <summary>The longest compute time that a worker may report.</summary>
    public static readonly TimeSpan RunTimeToldMax = TimeSpan.FromDays(366);

    public const int RunMemoryMbDefault = 256;
    public const int RunMemoryMbMax = 4_096;

    /// <summary>
    /// The memory that each worker is assumed to have: only tasks that may use more need a worker that declares it.
    /// </summary>
    public const int RunMemoryMbAnywhere = 1_024;
}
