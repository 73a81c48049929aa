namespace Weft.Core.Verification.Planning;

// What is looked at again.
internal sealed partial class PlanAnswering
{
    private readonly List<PlanWorker> _suspects = [];
    private int _audits;

    // A fault halves a name. What it stood for is audited in random order, until enough was right; or all of it.
    private void Fault(PlanWorker worker)
    {
        // Where every result is checked, nothing rests on a name.
        if (worker.IsGone || _policy.Mode == VerifyMode.All) return;
        worker.Standing = worker.Standing.Faulted();
        Suspect(worker, VerificationRules.AuditsAfterFault(_policy));
    }

    private void Suspect(PlanWorker worker, int audited)
    {
        if (worker.Standing.IsBarred) world.Bar(worker);
        if (!audits) return;
        worker.AuditsLeft = Math.Max(worker.AuditsLeft, audited);
        worker.Standing = worker.Standing with { IsAudited = true };
        if (!_suspects.Contains(worker)) _suspects.Add(worker);
    }

    private void EndAudit(PlanTask task, PlanWorker suspect, bool isRight)
    {
        task.Suspect = null;
        _audits--;
        suspect.AuditsOpen--;
        if (isRight)
        {
            if (suspect.AuditsLeft < int.MaxValue) suspect.AuditsLeft--;
            EndIfDone(suspect);
            return;
        }

        Corrections++;
        suspect.Standing = suspect.Standing.Barred();
        Suspect(suspect, int.MaxValue);
    }

    /// <summary>
    /// Has results looked at again that workers at fault support: at most a tenth of the workers at a time; first those
    /// that may still prove a lie.
    /// </summary>
    public void Audit()
    {
        while (_suspects.Count > 0 && _audits < Math.Max(1, settings.Workers / Limits.VerifyWorkersPerAudit))
        {
            var suspect = _suspects.Where(static worker => worker.AuditsOpen < worker.AuditsLeft)
                .MinBy(static worker => worker.AuditsLeft);
            if (suspect is null) return;
            if (suspect.TakeSupported(world.Random) is { } task) BeginAudit(task, suspect);
            // What is under way may still show that all of it must be looked at.
            else if (suspect.AuditsOpen == 0) suspect.AuditsLeft = 0;
            else return;
            EndIfDone(suspect);
        }
    }

    private void EndIfDone(PlanWorker suspect)
    {
        if (suspect.AuditsLeft > 0 || suspect.AuditsOpen > 0) return;
        suspect.Standing = suspect.Standing with { IsAudited = false };
        _suspects.Remove(suspect);
    }

    private void BeginAudit(PlanTask task, PlanWorker suspect)
    {
        if (task.Asked is not null || !task.Ballots.Exists(ballot => ballot.Worker == suspect)) return;
        var elder = world.Pick(task.Ballots, IsElder);
        var ask = VerificationRules.Audit(
            _policy, Votes(task), suspect.Id, PoolWith(elder), toss(world.Random));
        if (ask is null) return;
        task.Suspect = suspect;
        suspect.AuditsOpen++;
        _audits++;
        Ask(task, ask, elder);
    }
}
