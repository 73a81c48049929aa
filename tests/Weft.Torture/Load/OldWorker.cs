namespace Weft.Torture.Load;

/// <summary>Works on the six endpoints, without tokens.</summary>
internal sealed class OldWorker(RecordedApi api, Random random, string workerId) : ILoadClient
{
    private const double WaitSeconds = 0.1;

    public async Task<bool> StepAsync()
    {
        var (answer, task) = await api.ClaimOldAsync(workerId, WaitSeconds);
        if (answer.IsGone) return false;
        if (task is null || random.Next(10) == 0) return true;
        return !(await api.CompleteOldAsync(task.TaskId, Worker.NextResult(task.TaskId, random))).IsGone;
    }
}
