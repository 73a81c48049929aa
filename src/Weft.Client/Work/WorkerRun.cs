using System.Collections.Concurrent;
using System.Diagnostics;
using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>
/// One run of a worker. Each held task takes a slot; there are as many as the worker may hold tasks. The claimer waits
/// for tasks on free slots. The settler, which would free slots, claims for them in the same request.
/// </summary>
internal sealed class WorkerRun : IDisposable
{
    private const int ClaimWaitSeconds = 20;

    private readonly WeftClient _client;
    private readonly WorkerOptions _options;
    private readonly TaskHandler _handler;
    private readonly WorkerSettler _settler;
    private readonly WorkerHeartbeat _heartbeat;
    private readonly WorkerProof _proof;
    private readonly ConcurrentDictionary<HeldTask, bool> _held = [];
    private readonly SemaphoreSlim _places;
    private readonly SemaphoreSlim _handlers;
    private readonly CancellationTokenSource _drain;
    private readonly CancellationTokenSource _abort;
    private readonly int _heldMax;

    public WorkerRun(WeftClient client, WorkerOptions options, TaskHandler handler, CancellationToken drain,
        CancellationToken abort)
    {
        _client = client;
        _options = options;
        _handler = handler;
        _heldMax = options.Concurrency + options.Prefetch;
        _places = new(_heldMax);
        _handlers = new(options.Concurrency);
        _abort = CancellationTokenSource.CreateLinkedTokenSource(abort);
        _drain = CancellationTokenSource.CreateLinkedTokenSource(drain, abort);
        var contact = new WorkerContact(client.Time);
        _settler = new(client, options, contact, said => _held.TryRemove(said.Held, out _), _drain.Token, _abort.Token);
        _heartbeat = new(client, options, contact, _held);
        _proof = new(client, options);
    }

    public async Task RunAsync()
    {
        using var ended = new CancellationTokenSource();
        var beating = _heartbeat.RunAsync(ended.Token);
        var claiming = ClaimAsync();
        var settling = SettleAsync(claiming);
        try
        {
            await claiming;
        }
        finally
        {
            // If one may no longer claim, neither may the other.
            await _drain.CancelAsync();
            for (var i = 0; i < _heldMax && !settling.IsCompleted; i++)
            {
                await Task.WhenAny(_places.WaitAsync(CancellationToken.None), settling);
            }
            _settler.Close();
            await settling;
            await ended.CancelAsync();
            await beating;
        }
    }

    public void Dispose()
    {
        foreach (var task in _held.Keys) task.Dispose();
        _heartbeat.Dispose();
        _settler.Dispose();
        _drain.Dispose();
        _abort.Dispose();
    }

    private async Task ClaimAsync()
    {
        // Its claims are not part of the activity in which the worker was started.
        Activity.Current = null;
        try
        {
            while (true)
            {
                await _places.WaitAsync(_drain.Token);
                var places = 1;
                while (_places.Wait(0, CancellationToken.None)) places++;
                var claimed = 0;
                try
                {
                    await _proof.EnsureAsync(_drain.Token);
                    var tasks = await _client.ClaimAsync(Claim(places, ClaimWaitSeconds), _drain.Token);
                    claimed = tasks.Count;
                    foreach (var task in tasks) Start(task);
                }
                catch (WeftException refused) when (_proof.Forgets(refused))
                {
                    // The next claim comes with another key.
                }
                finally
                {
                    if (places > claimed) _places.Release(places - claimed);
                }
            }
        }
        catch (OperationCanceledException) when (_drain.IsCancellationRequested)
        {
            // Cancellation is the normal end of a worker.
        }
    }

    private async Task SettleAsync(Task claiming)
    {
        Activity.Current = null;
        try
        {
            while (await _settler.NextAsync() is { } batch)
            {
                // Stop claiming first, or a released task would go to this worker's own waiting claim, which is no
                // longer read.
                if (_drain.IsCancellationRequested)
                {
                    await claiming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
                var tasks = await _settler.SettleAsync(batch, _drain.IsCancellationRequested ? null
                    : Claim(batch.Count, wait: null));
                foreach (var task in tasks) Start(task);
                if (batch.Count > tasks.Count) _places.Release(batch.Count - tasks.Count);
            }
        }
        finally
        {
            // Without the settler nothing can be settled: stop the claimer and the handlers.
            await _drain.CancelAsync();
            if (_held.IsEmpty is false) await _abort.CancelAsync();
        }
    }

    private ClaimRequest Claim(int max, double? wait) =>
        new(_options.WorkerId, _options.Queues, max, wait, _options.Lease?.TotalSeconds, _options.Capabilities,
            _options.ModulesOnly ? true : null, _proof.Key);

    private void Start(ClaimedTask task)
    {
        var held = new HeldTask(task, _abort.Token);
        _held[held] = true;
        _heartbeat.Note(held);
        _ = Task.Run(() => HandleAsync(held), CancellationToken.None);
    }

    private async Task HandleAsync(HeldTask held)
    {
        await _handlers.WaitAsync(CancellationToken.None);
        var item = await TraceAsync(held);
        _handlers.Release();
        // Heartbeats continue until it is settled, so that a result waiting for the coordinator keeps its lease.
        _settler.Add(item ?? new(held, null));
    }

    private async Task<Settlement?> TraceAsync(HeldTask held)
    {
        using var span = ClientSpans.Process(held.Task);
        held.Span = span?.Context ?? default;
        var started = _client.Time.GetTimestamp();
        var said = await AttemptAsync(held);
        ClientSpans.End(span, said);
        // The coordinator creates a span from it, which must not duplicate one that this process records.
        return span is { Recorded: true } ? said : said?.After(_client.Time.GetElapsedTime(started));
    }

    /// <summary>The report on the task; null if the lease is lost.</summary>
    private async Task<Settlement?> AttemptAsync(HeldTask held)
    {
        try
        {
            held.Stop.ThrowIfCancellationRequested();
            return new(held, held.Complete(await _handler(held.Work, held.Stop)));
        }
        catch (OperationCanceledException) when (held.Stop.IsCancellationRequested)
        {
            return held.LostBecause is null ? new(held, held.Release()) : null;
        }
        catch (AttemptFailedException failure)
        {
            return new(held, held.Fail(failure.Message, failure.MayRetry));
        }
        catch (AttemptReleasedException release)
        {
            return new(held, held.Release(release.Delay)) { Reason = release.Message };
        }
        // An exception from a handler fails only its own attempt.
        catch (Exception exception)
        {
            return new(held, held.Fail($"{exception.GetType().Name}: {exception.Message}", mayRetry: true));
        }
    }
}
