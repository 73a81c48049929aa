namespace Weft.Core;

// Bounds of how strangers' results are checked.
public static partial class Limits
{
    /// <summary>The share of wrong results that a submitter may allow; 1e-6 is more than anybody can measure.</summary>
    public const double VerifyMaxWrongMin = 1e-6;
    public const double VerifyMaxWrongMax = 0.1;
    public const double VerifyMaxWrongDefault = 0.01;

    /// <summary>By how many answers a result must lead where all are checked; the least is the default.</summary>
    public const int VerifyCopiesMin = 2;
    public const int VerifyCopiesMax = 7;

    /// <summary>Answers to one task without a decision, after which it is dead.</summary>
    public const int VerifyAnswersMin = 3;
    public const int VerifyAnswersMax = 40;
    public const int VerifyAnswersDefault = 12;

    /// <summary>The share of workers that a submitter may assume to be hostile: with half, no rule helps.</summary>
    public const double VerifyHostileMin = 0.001;
    public const double VerifyHostileMax = 0.4;
    public const double VerifyHostileDefault = 0.1;

    /// <summary>The share of checks that go to a trusted worker while there is one.</summary>
    public const double VerifyTrustedShare = 0.05;

    /// <summary>The share of answers that is checked however good a worker's name is.</summary>
    public const double VerifyCheckShareMin = 0.01;

    /// <summary>Answers from which a worker may be an elder, while all are new.</summary>
    public const int VerifyElderAnswersMin = 3;

    /// <summary>
    /// While so many of a worker's answers wait for their checks, all that it sends is checked: else it could tell any
    /// number of lies before the first is found.
    /// </summary>
    public const int VerifyOpenMax = 2;

    /// <summary>Faults from which a worker is barred, where they are more than a fifth of its checks.</summary>
    public const int VerifyFaultsToBar = 3;
    public const int VerifyChecksPerFaultToBar = 5;

    /// <summary>The newest checks of a module that tell whether its runs agree.</summary>
    public const int VerifyModuleChecks = 100;

    /// <summary>
    /// Disputes among elders without a fault that are still taken for lies: so many of those checks, and this share.
    /// </summary>
    public const int VerifyModuleDisputesMax = 3;
    public const double VerifyModuleDisputeShareMax = 0.05;

    /// <summary>A worker that has answered within this time may be asked to check others.</summary>
    public static readonly TimeSpan VerifySeenTime = TimeSpan.FromMinutes(30);

    /// <summary>So long a check waits for an elder, or for a trusted worker; then anybody may have it.</summary>
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
    /// The workers of a queue are read anew for each decision while they are no more than this; else as often as this.
    /// </summary>
    public const int VerifyWorkersFew = 64;
    public static readonly TimeSpan VerifyWorkersAge = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A worker that failed a check, and its network, are passed over for that task for its lease's time, at most this.
    /// </summary>
    public static readonly TimeSpan VerifyMissPauseMax = TimeSpan.FromMinutes(5);

    /// <summary>Checks of one task that may fail; where no other networks are left to ask, it is dead then.</summary>
    public const int VerifyMissesMax = 32;

    /// <summary>Workers whose earlier answers are audited at once, and tasks that are looked at for each.</summary>
    public const int VerifySuspectsMax = 64;

    /// <summary>Of the workers of a queue, at most one in so many is given an audit at a time.</summary>
    public const int VerifyWorkersPerAudit = 10;

    /// <summary>Workers that are barred of which a claim knows, the newest, and how old that may be.</summary>
    public const int VerifyBarredMax = 10_000;
    public static readonly TimeSpan VerifyBarredAge = TimeSpan.FromSeconds(2);

    /// <summary>How many waiting claims look for one check.</summary>
    public const int CheckWakesMax = 64;

    /// <summary>How long operators are told that a worker was barred.</summary>
    public static readonly TimeSpan VerifyBarredNewsTime = TimeSpan.FromHours(1);

    /// <summary>What a look at a queue's results reads: answers, and workers; and how many of those it shows.</summary>
    public const int VerifySampleAnswers = 4_000;
    public const int VerifySampleResults = 2_000;
    public const int VerifyStandingsMax = 1_000;
    public const int VerifySuspectsShown = 50;

    /// <summary>Tasks that wait for a check, of which a look says why.</summary>
    public const int VerifyWaitingExplained = 10;

    /// <summary>How soon audits go on, where those that were begun are done by then.</summary>
    public static readonly TimeSpan AuditInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Different answers that the error of a task names.</summary>
    public const int VerifyAnswersNamed = 6;

    /// <summary>
    /// Bytes and levels of an answer that is compared as JSON; what is larger or deeper is compared by its bytes.
    /// </summary>
    public const int CompareJsonBytesMax = 1 << 20;
    public const int CompareJsonDepthMax = 64;

    /// <summary>The widest relative tolerance of numbers: with 1, everything would be equal to 0.</summary>
    public const double CompareRelMax = 0.1;
}
