using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>
/// Sends what a worker has to say until it is heard, for as long as the tasks are the worker's. What breaks the
/// connection each time, while small requests go well, is itself the reason: it is given up instead of being sent for
/// ever.
/// </summary>
/// <param name="drain">Cancelled when the worker ends: from then on a coordinator that is silent for a lease's time is
/// given up.</param>
internal sealed class WorkerDelivery(WeftClient client, string workerId, WorkerContact contact,
    CancellationTokenSource giveUp, CancellationToken drain)
{
    // One such failure may be a coordinator that starts again just then.
    private const int ConvictionsMax = 3;
    private static readonly TimeSpan ProbeMax = TimeSpan.FromSeconds(10);

    /// <param name="probe">Something small about one of the tasks, which changes nothing but its lease.</param>
    /// <param name="lease">The longest lease of the tasks.</param>
    /// <param name="isAlone">It is about one task, which is the loser when it is given up: that takes half a lease at
    /// least.</param>
    /// <exception cref="WeftException">It was refused, or can't be delivered.</exception>
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
