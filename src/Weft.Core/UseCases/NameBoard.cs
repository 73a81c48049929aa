using System.Collections.Frozen;
using Weft.Core.Storage;
using Weft.Core.Verification;
using Weft.Core.Workers;

namespace Weft.Core.UseCases;

/// <param name="Worker">The worker's name in receipts.</param>
public sealed record BoardLine(string Worker, NamedWorker Named);

/// <summary>
/// The board: the volunteers' names, and how much each has computed. Counts are kept in memory and stored every
/// <see cref="Limits.BoardInterval"/>: a crash loses no more than that.
/// </summary>
public sealed class NameBoard(IBoardStore store, ProveWorkers workers, BarredWorkers barred) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _storing = new(1);
    private Dictionary<IdentityId, WorkDone> _done = [];
    private volatile FrozenDictionary<IdentityId, NamedWorker> _stored =
        FrozenDictionary<IdentityId, NamedWorker>.Empty;

    /// <summary>Counts an accepted result.</summary>
    public void Add(IdentityId worker, TimeSpan computed)
    {
        if (!_stored.TryGetValue(worker, out var named) || named.Name is null) return;
        lock (_gate) Add(new(worker, 1, computed));
    }

    /// <summary>
    /// Sets the worker's name, or removes it (null). Returns the worker's public name; null: the operator removed its
    /// name.
    /// </summary>
    public async Task<string?> SetAsync(WorkerIdentity worker, string? name)
    {
        var isTaken = true;
        if (name is null) await store.ForgetAsync(worker.Id);
        else isTaken = await store.SetNameAsync(worker.Id, name);
        await StoreAsync();
        return isTaken ? PublicNames.Of(await workers.KeysAsync(), worker.Id) : null;
    }

    /// <summary>Removes a name permanently. False: no worker with that public name has one.</summary>
    public async Task<bool> TakeOffAsync(string worker)
    {
        var keys = await workers.KeysAsync();
        var found = (await store.ListAsync()).FirstOrDefault(named => PublicNames.Of(keys, named.Identity) == worker);
        if (found is null || !await store.TakeOffAsync(found.Identity)) return false;
        await StoreAsync();
        return true;
    }

    /// <summary>
    /// Names with at least one result, most results first. Counts of workers caught giving wrong answers are not shown.
    /// </summary>
    public async Task<IReadOnlyList<BoardLine>> ListAsync(int limit)
    {
        var keys = await workers.KeysAsync();
        var shown = new List<NamedWorker>();
        foreach (var named in _stored.Values)
        {
            if (named.Name is null || await barred.AnywhereAsync(named.Identity)) continue;
            if (With(named) is { Tasks: > 0 } all) shown.Add(all);
        }

        return
        [
            .. shown.OrderByDescending(static named => named.Tasks).ThenBy(static named => named.Since).Take(limit)
                .Select(named => new BoardLine(PublicNames.Of(keys, named.Identity), named)),
        ];
    }

    /// <summary>Stores the new counts, and reads those of others. Returns how many workers had any.</summary>
    public async Task<int> StoreAsync()
    {
        // A volunteer's change and the periodic store must not send the same work twice.
        await _storing.WaitAsync();
        try
        {
            WorkDone[] done;
            lock (_gate) done = [.. _done.Values];
            // In a fixed order, so that two coordinators don't wait for each other's rows.
            if (done.Length > 0)
            {
                await store.AddWorkAsync([.. done.OrderBy(static worker => worker.Identity.Value)]);
            }

            var stored = await store.ListAsync();
            lock (_gate)
            {
                foreach (var (worker, tasks, computed) in done) Add(new(worker, -tasks, -computed));
                _done = _done.Where(static worker => worker.Value.Tasks > 0).ToDictionary();
                _stored = stored.ToFrozenDictionary(static named => named.Identity);
            }

            return done.Length;
        }
        finally
        {
            _storing.Release();
        }
    }

    public void Dispose() => _storing.Dispose();

    private NamedWorker With(NamedWorker named)
    {
        lock (_gate)
        {
            return _done.TryGetValue(named.Identity, out var done)
                ? named with { Tasks = named.Tasks + done.Tasks, Computed = named.Computed + done.Computed }
                : named;
        }
    }

    private void Add(WorkDone more)
    {
        var done = _done.GetValueOrDefault(more.Identity);
        _done[more.Identity] = new(more.Identity, done.Tasks + more.Tasks, done.Computed + more.Computed);
    }
}
