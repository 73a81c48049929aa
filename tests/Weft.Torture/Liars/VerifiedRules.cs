using Weft.Torture.Checking;
using Weft.Torture.Histories;
using Weft.Torture.Liars.Table;

namespace Weft.Torture.Liars;

/// <summary>
/// What holds of verified tasks, whoever lies and whatever crashes. V4, that nobody reads an answer before it is
/// believed, is watched while the load runs.
/// </summary>
internal static class VerifiedRules
{
    public static IEnumerable<Violation> Check(
        IReadOnlyList<VerifiedTask> tasks, IReadOnlyCollection<VerifiedAnswer> answers, int copies, bool isApart)
    {
        var given = answers.ToLookup(static answer => answer.Task);
        return tasks.SelectMany(task => (task.IsAdaptive ? Believed(task) : Lead(task, copies))
            .Concat(Apart(task, [.. given[task.Number]], isApart))
            .Concat(Counted(task, [.. given[task.Number]])));
    }

    /// <summary>V1: what is believed leads by as many answers as were asked for.</summary>
    private static IEnumerable<Violation> Lead(VerifiedTask task, int copies)
    {
        if (task.Result is null)
        {
            if (task.State == "completed") yield return new("V1", $"Task {task.Id} is completed without a result.");
            yield break;
        }

        var told = VerifiedAnswer.HashOf(task.Result);
        var votes = task.Receipts.CountBy(static receipt => receipt.Hash ?? "").ToDictionary();
        var lead = votes.GetValueOrDefault(told)
            - votes.Where(pair => pair.Key != told).Select(static pair => pair.Value).Append(0).Max();
        if (lead < copies) yield return new("V1", $"Task {task.Id} was believed with a lead of {lead}, not {copies}.");
        foreach (var receipt in task.Receipts)
        {
            var verdict = receipt.Hash == told ? "agreed" : "differed";
            if (receipt.Verdict != verdict)
            {
                yield return new("V1", $"An answer to task {task.Id} {verdict}, and is called {receipt.Verdict}.");
            }
        }
    }

    /// <summary>
    /// V1, where names decide: an answer is told alone where it is the only one, and else with another that is equal;
    /// what audits have changed is told as a correction.
    /// </summary>
    private static IEnumerable<Violation> Believed(VerifiedTask task)
    {
        if (task.Result is null)
        {
            if (task.State == "completed") yield return new("V1", $"Task {task.Id} is completed without a result.");
            yield break;
        }

        var told = VerifiedAnswer.HashOf(task.Result);
        var decisive = task.Receipts.TakeWhile(static receipt => receipt.Role != "audit").ToArray();
        var votes = decisive.Count(receipt => receipt.Hash == told);
        if (votes < Math.Min(2, decisive.Length))
        {
            yield return new("V1", $"Task {task.Id} was believed by {votes} of {decisive.Length} answers.");
        }

        // Where no answer is believed any more, none has won.
        if (task.Corrections.Append(told).Contains(null)) yield break;
        var now = task.Corrections.Count > 0 ? task.Corrections[^1] : told;
        foreach (var receipt in task.Receipts)
        {
            var verdict = receipt.Hash == now ? "agreed" : "differed";
            var isOpen = receipt.Verdict == "open" && decisive.Length < task.Receipts.Count;
            if (receipt.Verdict != verdict && !isOpen)
            {
                yield return new("V1", $"An answer to task {task.Id} {verdict}, and is called {receipt.Verdict}.");
            }
        }
    }

    /// <summary>V6: no more is told wrong than is promised, by a Poisson test at 99.9 %.</summary>
    public static IEnumerable<Violation> Promise(IReadOnlyList<VerifiedTask> tasks, double maxWrong)
    {
        var told = tasks.Count(static task => task is { IsAdaptive: true, Result: not null });
        var wrong = tasks.Count(static task => task is { IsAdaptive: true, IsWrong: true });
        if (told > 0 && TableRow.PoissonTail(wrong, maxWrong * told) < TableRow.Chance)
        {
            yield return new("V6", $"{wrong} of {told} results were told wrong, of which {maxWrong * told:0} may be.");
        }
    }

    /// <summary>V2: no two answers from one worker, or one network.</summary>
    private static IEnumerable<Violation> Apart(
        VerifiedTask task, IReadOnlyList<VerifiedAnswer> given, bool isApart)
    {
        var taken = Taken(given);
        if (taken.CountBy(static answer => answer.Worker).Any(static pair => pair.Value > 1))
        {
            yield return new("V2", $"Task {task.Id} was answered twice by one worker.");
        }

        if (task.Receipts.CountBy(static receipt => receipt.Worker).Any(static pair => pair.Value > 1))
        {
            yield return new("V2", $"Task {task.Id} names one worker twice.");
        }

        if (!isApart) yield break;
        if (taken.CountBy(static answer => answer.Network).Any(static pair => pair.Value > 1))
        {
            yield return new("V2", $"Task {task.Id} was answered twice from one network.");
        }

        if (task.Receipts.CountBy(static receipt => receipt.Network).Any(static pair => pair.Value > 1))
        {
            yield return new("V2", $"Task {task.Id} names one network twice.");
        }
    }

    /// <summary>V5: each answer that was taken counts, once; one without a reply counts once or not at all.</summary>
    private static IEnumerable<Violation> Counted(VerifiedTask task, IReadOnlyList<VerifiedAnswer> given)
    {
        var taken = Taken(given);
        foreach (var token in taken.GroupBy(static answer => answer.Token).Where(static group => group.Count() > 1))
        {
            yield return new("V5", $"Task {task.Id} took two answers for lease {token.Key}.", Harm.AcceptedTwice);
        }

        // Of an undecided task no hash is shown, only that there is an answer.
        if (task.State is not ("completed" or "dead"))
        {
            if (task.Receipts.Count < taken.Count)
            {
                yield return new("V5", $"Task {task.Id} took {taken.Count} answers, and has {task.Receipts.Count}.",
                    Harm.Lost);
            }

            yield break;
        }

        var hashes = given.Select(static answer => answer.Hash)
            .Concat(task.Receipts.Select(static receipt => receipt.Hash ?? "")).Distinct();
        foreach (var hash in hashes)
        {
            var has = task.Receipts.Count(receipt => receipt.Hash == hash);
            var least = taken.Count(answer => answer.Hash == hash);
            // The same worker may have sent it again after a crash: without a reply each time, it is one or none.
            var most = given.Where(answer => answer.Hash == hash && answer.Outcome != Outcome.Fail)
                .DistinctBy(static answer => answer.Token).Count();
            if (has < least)
            {
                yield return new("V5", $"Task {task.Id} took {least} answers of {Short(hash)}, and has {has}.",
                    Harm.Lost);
            }

            if (has > most)
            {
                yield return new("V5", $"Task {task.Id} was sent {most} answers of {Short(hash)}, and has {has}.",
                    Harm.AcceptedTwice);
            }
        }
    }

    private static string Short(string hash) => hash.Length > 8 ? hash[..8] : "nothing";

    // Those that were acknowledged, each once: a worker that missed the reply sends the very same again.
    private static List<VerifiedAnswer> Taken(IReadOnlyList<VerifiedAnswer> given) =>
        [.. given.Where(static answer => answer.Outcome == Outcome.Ok)
            .DistinctBy(static answer => (answer.Token, answer.Result))];
}
