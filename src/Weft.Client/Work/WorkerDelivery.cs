using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>
/// Sends a worker's report until it is delivered, as long as the worker holds the leases. If only this request fails
/// while small ones succeed, its content is the cause, and it is given up instead of being retried for ever.
/// </summary>
/// <param name="drain">Cancelled when the worker stops: from then on, a coordinator that doesn't answer for the length
/// of a lease is given up.</param>
internal sealed class WorkerDelivery(WeftClient client, string workerId, WorkerContact contact,
    CancellationTokenSource giveUp, CancellationToken drain)
{
    // A single such failure may be due to a coordinator that is just restarting.
    private const int ConvictionsMax = 3;
    private static readonly TimeSpan ProbeMax = TimeSpan.FromSeconds(10);

    /// <param name="probe">A small request about one of the tasks, which changes only its lease.</param>
    /// <param name="lease">The longest lease of the tasks.</param>
    /// <param name="isAlone">It is about a single task, which is lost if it is given up: wait at least half a
    /// lease.</param>
    /// <exception cref="WeftException">The request was refused, or can't be delivered.</exception>
    /// <exception cref="OperationCanceledException">The worker gave up.</exception>
    public async Task<T> SendAsync<T>(Func<CancellationToken, Task<T>> send, SettleItem probe, TimeSpan lease,
        bool isAlone)
    {
        var start = client.Time.GetTimestamp();
        var retries = new Retries(client.Api.Options);
        for (var convictions = 0; ;)
        {
            WeftException failure;
            try
            {
                var answer = await send(giveUp.Token);
                contact.Note();
                return answer;
            }
            catch (WeftException exception) when (exception.IsTransient)
            {
                failure = exception;
            }

            if (drain.IsCancellationRequested && contact.Silence > lease) await giveUp.CancelAsync();
            await retries.WaitAsync(failure, giveUp.Token);
            if (failure.Code is not (null or ProblemCodes.InternalError)) continue;
            convictions = await IsHeardAsync(probe) ? convictions + 1 : 0;
            if (convictions >= ConvictionsMax && (!isAlone || client.Time.GetElapsedTime(start) > lease / 2))
            {
                throw failure;
            }
        }
    }

    private async Task<bool> IsHeardAsync(SettleItem probe)
    {
        using var late = new CancellationTokenSource(ProbeMax, client.Time);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(late.Token, giveUp.Token);
        try
        {
            await client.SettleAsync(new([probe], Claim: null, workerId), isRetried: false, until.Token);
            contact.Note();
            return true;
        }
        catch (Exception exception) when (exception is WeftException or OperationCanceledException)
        {
            return false;
        }
    }
}
