namespace Weft.Contracts;

/// <summary>What a queue's results are promised to be, and what they were found to be.</summary>
/// <param name="Verify">What is asked of them, or was of the newest; null: nothing.</param>
/// <param name="Sample">What became of the newest results.</param>
/// <param name="Waiting">Tasks that have an answer and wait for a check.</param>
/// <param name="Workers">How many workers are known, and as what.</param>
/// <param name="Suspects">Workers that were barred, or at fault: the worst first, at most 50.</param>
public sealed record QueueVerification(
    Verify? Verify, VerifiedSample Sample, WaitingChecks Waiting, VerifyingWorkers Workers,
    IReadOnlyList<SuspectInfo> Suspects);

/// <param name="Results">How many results this is about: the newest.</param>
/// <param name="Copies">How often each was computed, audits included; null: there are no results.</param>
/// <param name="CopiesPredicted">How often, while nobody lies, by workers that have answered as much as these; null:
/// none have.</param>
/// <param name="Checked">Results that rested on more than one answer when they were told.</param>
/// <param name="Differed">Of those, results that another answer contradicted.</param>
/// <param name="Audited">Results that were looked at again after they were told.</param>
/// <param name="Wrong">Of those, results that were wrong.</param>
/// <param name="Kept">Whether no more are wrong than chance explains, once in a thousand times, while the promise is
/// kept; null: no share was promised.</param>
/// <param name="Risk">At most how likely a result is wrong, on average; null: there are none.</param>
public sealed record VerifiedSample(
    long Results, double? Copies, double? CopiesPredicted, long Checked, long Differed, long Audited, long Wrong,
    bool? Kept, double? Risk);

/// <summary>What a group's results are promised to be, and what they were found to be.</summary>
/// <param name="Verify">What was asked of the newest; null: nothing.</param>
/// <param name="Sample">What became of the newest two thousand.</param>
public sealed record GroupVerification(Verify? Verify, VerifiedSample Sample);

/// <param name="Tasks">How many they are.</param>
/// <param name="Reasons">Why the oldest ten of them wait.</param>
public sealed record WaitingChecks(long Tasks, IReadOnlyList<WaitingReason> Reasons);

/// <param name="Detail">For people.</param>
/// <param name="Tasks">How many of the ten wait for that.</param>
public sealed record WaitingReason(string Detail, int Tasks);

/// <summary>Of the thousand workers that answered last.</summary>
/// <param name="Seen">All of them.</param>
/// <param name="Elders">Those whose word decides where answers differ.</param>
/// <param name="Trusted">Those that the operator vouches for.</param>
/// <param name="Barred">Those that get no more checked tasks of the queue.</param>
/// <param name="Audited">Those whose earlier results are being looked at again.</param>
public sealed record VerifyingWorkers(int Seen, int Elders, int Trusted, int Barred, int Audited);

/// <param name="Worker">By the name that receipts have.</param>
/// <param name="Network">Where its last answer came from, by such a name.</param>
/// <param name="Answers">What its name is worth: right answers of its own since the last fault, halved by each.</param>
/// <param name="Checks">How often another's answer was set beside one of its own.</param>
/// <param name="Faults">How many tasks believe another answer than its own.</param>
/// <param name="Barred">It gets no more checked tasks of the queue.</param>
/// <param name="Audited">Its earlier results are being looked at again.</param>
/// <param name="SeenAt">When it answered last; UTC.</param>
public sealed record SuspectInfo(
    string Worker, string Network, long Answers, long Checks, long Faults, bool Barred, bool Audited,
    DateTimeOffset SeenAt);
