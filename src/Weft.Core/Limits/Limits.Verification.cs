namespace Weft.Core;

// Limits of the verification of untrusted results.
public static partial class Limits
{
    /// <summary>The share of wrong results that a submitter may allow; 1e-6 is less than anybody can measure.</summary>
    public const double VerifyMaxWrongMin = 1e-6;
    public const double VerifyMaxWrongMax = 0.1;
    public const double VerifyMaxWrongDefault = 0.01;

    /// <summary>The lead that a result needs if all are verified; the minimum is the default.</summary>
    public const int VerifyCopiesMin = 2;
    public const int VerifyCopiesMax = 7;

    /// <summary>Answers to one task without a decision, after which it becomes dead.</summary>
    public const int VerifyAnswersMin = 3;
    public const int VerifyAnswersMax = 40;
    public const int VerifyAnswersDefault = 12;

    /// <summary>The share of workers that a submitter may assume to be dishonest: with half, no rule helps.</summary>
    public const double VerifyHostileMin = 0.001;
    public const double VerifyHostileMax = 0.4;
    public const double VerifyHostileDefault = 0.1;

    /// <summary>The share of checks that go to a trusted worker if there is one.</summary>
    public const double VerifyTrustedShare = 0.05;

    /// <summary>The share of answers that is checked however good a worker's reputation is.</summary>
    public const double VerifyCheckShareMin = 0.01;

    /// <summary>Answers from which a worker may be an elder, while all workers are new.</summary>
    public const int VerifyElderAnswersMin = 3;

    /// <summary>
    /// While this many of a worker's answers wait for checks that the coin chose, every further answer is checked:
    /// otherwise it could give any number of wrong answers before the first is found.
    /// </summary>
    public const int VerifyDrawnMax = 2;

    /// <summary>Faults from which a worker is barred, if they are more than a fifth of its checks.</summary>
    public const int VerifyFaultsToBar = 3;
    public const int VerifyChecksPerFaultToBar = 5;

    /// <summary>The newest checks of a module that are used to find out whether its runs agree.</summary>
    public const int VerifyModuleChecks = 100;

    /// <summary>
    /// Disputes among elders without a fault that are still attributed to dishonest workers: this many of those checks,
    /// and this share.
    /// </summary>
    public const int VerifyModuleDisputesMax = 3;
    public const double VerifyModuleDisputeShareMax = 0.05;

    /// <summary>A worker that has answered within this time may be asked to check others.</summary>
    public static readonly TimeSpan VerifySeenTime = TimeSpan.FromMinutes(30);

    /// <summary>How long a check waits for an elder or a trusted worker; then any worker may have it.</summary>
    public static readonly TimeSpan VerifyElderWait = TimeSpan.FromMinutes(2);

    /// <summary>
    /// An answer whose check anybody may have, and nobody has taken for so long, doesn't hold its worker back.
    /// </summary>
    public static readonly TimeSpan VerifyUnlookedTime = VerifyElderWait;

    /// <summary>Of a worker's open answers, so many are looked at for that: the newest.</summary>
    public const int VerifyOpenLookMax = 64;

    /// <summary>Workers of a queue among whom elders are looked for: those seen last.</summary>
    public const int VerifyWorkersMax = 10_000;

    /// <summary>
    /// A queue's workers are read again for each decision while there are no more than this; otherwise at intervals of
    /// this many.
    /// </summary>
    public const int VerifyWorkersFew = 64;
    public static readonly TimeSpan VerifyWorkersAge = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A worker that failed a check, and its network, are passed over for that task for the length of its lease, at
    /// most this long.
    /// </summary>
    public static readonly TimeSpan VerifyMissPauseMax = TimeSpan.FromMinutes(5);

    /// <summary>Checks of one task that may fail; if no other networks are left to ask, it then becomes dead.</summary>
    public const int VerifyMissesMax = 32;

    /// <summary>Workers whose earlier answers are audited at once, and tasks that are examined for each.</summary>
    public const int VerifySuspectsMax = 64;

    /// <summary>At most one in this many workers of a queue gets an audit at a time.</summary>
    public const int VerifyWorkersPerAudit = 10;

    /// <summary>Barred workers that a claim takes into account, the newest, and how old the list may be.</summary>
    public const int VerifyBarredMax = 10_000;
    public static readonly TimeSpan VerifyBarredAge = TimeSpan.FromSeconds(2);

    /// <summary>How many waiting claims look for one check.</summary>
    public const int CheckWakesMax = 64;

    /// <summary>How long operators are shown that a worker was barred.</summary>
    public static readonly TimeSpan VerifyBarredNewsTime = TimeSpan.FromHours(1);

    /// <summary>Answers and workers that a report on a queue's results reads, and workers that it shows.</summary>
    public const int VerifySampleAnswers = 4_000;
    public const int VerifySampleResults = 2_000;
    public const int VerifyStandingsMax = 1_000;
    public const int VerifySuspectsShown = 50;

    /// <summary>Tasks waiting for a check for which a report gives the reason.</summary>
    public const int VerifyWaitingExplained = 10;

    /// <summary>
    /// How soon further audits start, if the previous ones are done by then, and after how many looks in vain it is
    /// <see cref="SweepInterval"/> again.
    /// </summary>
    public static readonly TimeSpan AuditInterval = TimeSpan.FromMilliseconds(50);
    public const int AuditLooks = 40;

    /// <summary>Different answers that the error of a task names.</summary>
    public const int VerifyAnswersNamed = 6;

    /// <summary>
    /// Bytes and levels of an answer that is compared as JSON; a larger or deeper one is compared by its bytes.
    /// </summary>
    public const int CompareJsonBytesMax = 256 << 10;
    public const int CompareJsonDepthMax = 64;

    /// <summary>The widest relative tolerance of numbers: with 1, everything would be equal to 0.</summary>
    public const double CompareRelMax = 0.1;
}
