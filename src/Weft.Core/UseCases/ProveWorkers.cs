using System.Net;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Workers;

namespace Weft.Core.UseCases;

/// <summary>Issues the keys by which workers prove their identity, and checks them.</summary>
public sealed class ProveWorkers(IVerificationStore store, BarredWorkers barred, TimeProvider time)
{
    private readonly NewcomerBound _newcomers = new(time);
    private volatile WorkerKeys? _keys;

    /// <summary>A new key, and its worker's public name; or how long until the caller's network may have one.</summary>
    public async Task<(string? Key, string Name, TimeSpan Wait)> RegisterAsync(Caller caller, IPAddress? address)
    {
        var keys = await KeysAsync();
        // This machine's own addresses belong to its owner.
        var wait = WorkerKeys.IsOwn(address) ? null : _newcomers.Take(keys.NetworkOf(address));
        if (wait is { } left) return (null, "", left);
        var key = keys.Create(caller.Token?.Id);
        return (key, PublicNames.Of(keys, keys.Read(key, caller.Token?.Id)!.Value), default);
    }

    /// <summary>The key's worker; null: it isn't a key of this coordinator for the caller's token.</summary>
    public async ValueTask<WorkerIdentity?> ReadAsync(Caller caller, string key, IPAddress? address)
    {
        var keys = _keys ?? await KeysAsync();
        return keys.Read(key, caller.Token?.Id) is { } id
            ? new(id, caller.Token?.Id, keys.NetworkOf(address), caller.IsTrusted)
            : null;
    }

    /// <summary>Whether the worker gets no verified tasks because it is barred from one of these queues.</summary>
    public ValueTask<bool> IsBarredAsync(WorkerIdentity worker, IReadOnlyList<string> queues) =>
        worker.IsTrusted ? new(false) : barred.AnyAsync(worker.Id, queues);

    /// <summary>The store's keys, read once.</summary>
    public async ValueTask<WorkerKeys> KeysAsync() => _keys ??= new(await store.GetSecretAsync());
}
