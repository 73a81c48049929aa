namespace Weft.Contracts;

/// <summary>A queue's verification: the promised quality of its results, and the measured one.</summary>
/// <param name="Verify">The settings of the queue, or of its newest task; null for none.</param>
/// <param name="Sample">Statistics of the newest results.</param>
/// <param name="Waiting">Tasks that have an answer and wait for a check.</param>
/// <param name="Workers">How many workers are known, by standing.</param>
/// <param name="Suspects">Workers that were barred or gave wrong answers: the worst first, at most 50.</param>
public sealed record QueueVerification(
    Verify? Verify, VerifiedSample Sample, WaitingChecks Waiting, VerifyingWorkers Workers,
    IReadOnlyList<SuspectInfo> Suspects);

/// <param name="Results">The number of newest results that this covers.</param>
/// <param name="Copies">How often each was computed on average, including audits; null: there are no results.</param>
/// <param name="CopiesPredicted">The expected number if all workers are honest and as experienced as these; null: none
/// have answered.</param>
/// <param name="Checked">Results that rested on more than one answer when they were reported.</param>
/// <param name="Differed">Of those, results that another answer contradicted.</param>
/// <param name="Audited">Results that were checked again after they were reported.</param>
/// <param name="Wrong">Of those, results that were wrong.</param>
/// <param name="Kept">False if more results are wrong than chance explains once in a thousand times under the promised
/// share; null: no share was promised.</param>
/// <param name="Risk">The average upper bound of the probability that a result is wrong; null: there are none.</param>
public sealed record VerifiedSample(
    long Results, double? Copies, double? CopiesPredicted, long Checked, long Differed, long Audited, long Wrong,
    bool? Kept, double? Risk);

/// <summary>A group's verification: the promised quality of its results, and the measured one.</summary>
/// <param name="Verify">The settings of its newest task; null for none.</param>
/// <param name="Sample">Statistics of the newest 2,000 results.</param>
public sealed record GroupVerification(Verify? Verify, VerifiedSample Sample);

/// <param name="Tasks">How many there are.</param>
/// <param name="Reasons">Why the oldest ten of them wait.</param>
public sealed record WaitingChecks(long Tasks, IReadOnlyList<WaitingReason> Reasons);

/// <param name="Detail">Human-readable.</param>
/// <param name="Tasks">How many of the ten wait for this reason.</param>
public sealed record WaitingReason(string Detail, int Tasks);

/// <summary>Counts of the thousand workers that answered last.</summary>
/// <param name="Seen">All of them.</param>
/// <param name="Elders">Workers whose answers decide when others differ.</param>
/// <param name="Trusted">Workers that the operator vouches for.</param>
/// <param name="Barred">Workers that get no more verified tasks from the queue.</param>
/// <param name="Audited">Workers whose earlier results are being checked again.</param>
public sealed record VerifyingWorkers(int Seen, int Elders, int Trusted, int Barred, int Audited);

/// <param name="Worker">Its name in receipts.</param>
/// <param name="Network">The network of its last answer, by a name of the same kind.</param>
/// <param name="Answers">Its reputation: correct answers since its last fault, halved by each fault.</param>
/// <param name="Checks">How often one of its answers was compared with another worker's.</param>
/// <param name="Faults">How many tasks accepted a different answer from its own.</param>
/// <param name="Barred">It gets no more verified tasks from the queue.</param>
/// <param name="Audited">Its earlier results are being checked again.</param>
/// <param name="SeenAt">When it last answered, UTC.</param>
public sealed record SuspectInfo(
    string Worker, string Network, long Answers, long Checks, long Faults, bool Barred, bool Audited,
    DateTimeOffset SeenAt);
