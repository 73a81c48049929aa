using Weft.Torture.Histories;

namespace Weft.Torture.Load;

/// <summary>Cancels, retries and reads tasks at random.</summary>
internal sealed class Meddler(RecordedApi api, Knowledge known, Random random) : ILoadClient
{
    public async Task<bool> StepAsync()
    {
        if (known.AnyTask(random) is not { } id) return !(await api.Client.GetAsync("health")).IsGone;
        var answer = random.Next(12) switch
        {
            0 => await api.SteerAsync(OperationKind.Cancel, id),
            1 or 2 => await api.SteerAsync(OperationKind.Retry, id),
            _ => await api.ReadAsync(id),
        };
        return !answer.IsGone;
    }
}
