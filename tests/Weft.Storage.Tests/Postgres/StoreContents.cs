using System.Security.Cryptography;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Postgres;

/// <summary>All that can be read of a store through its interfaces, as lines that can be compared.</summary>
internal sealed class StoreContents
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    public List<TaskRecord> Tasks { get; } = [];

    public static async Task<StoreContents> ReadAsync(ITaskStore store, ITokenStore tokens, IModuleStore modules,
        IBlobStore blobs)
    {
        var contents = new StoreContents();
        await contents.ReadTasksAsync(store);
        foreach (var queue in await store.CountAsync()) contents._lines.Add($"{queue}");
        foreach (var leased in await store.ListLeasedAsync(100)) contents._lines.Add(Storable($"{leased}"));
        for (var id = 1; await store.FindGroupAsync(new(id)) is { } group; id++)
            await contents.ReadGroupAsync(store, group);
        foreach (var token in await tokens.ListAsync())
            contents._lines.Add($"{token.Id} {token.Grant with { Queues = [] }} " +
                $"{string.Join(' ', token.Grant.Queues)} {token.CreatedAt} {Text(token.Hash)}");
        foreach (var module in await modules.ListAsync()) await contents.ReadModuleAsync(modules, module);
        foreach (var (_, blob) in await blobs.ListAsync(null, 0, 100)) await contents.ReadModuleAsync(modules, blob);
        foreach (var (queue, call) in await modules.ListQueueModulesAsync([.. (await modules.ListQueueRunSizesAsync())
            .Keys])) contents._lines.Add($"{queue} runs {Text(call)}");
        return contents;
    }

    private async Task ReadTasksAsync(ITaskStore store)
    {
        const TaskParts All =
            TaskParts.Payload | TaskParts.Result | TaskParts.Checkpoint | TaskParts.Owner | TaskParts.Module;
        for (TaskId? after = null; ;)
        {
            var page = await store.ListAsync(new(), after, 4);
            foreach (var record in page.Tasks)
            {
                Tasks.Add(record);
                var task = (await store.FindAsync(record.Id, All))!;
                foreach (var attempt in (await store.FindHistoryAsync(record.Id))!.Attempts)
                    _lines.Add(Storable($"{attempt}"));
                _lines.Add(Storable($"{record} {task.Task.Error} {task.Payload!.Value.IsJson} " +
                    $"{Text(task.Payload.Value.Bytes)} result {Text(task.Result)} checkpoint " +
                    $"{Text(task.Checkpoint)} of {task.Owner} runs {Text(task.Module)}"));
            }

            if (page.Next is null) return;
            after = page.Next;
        }
    }

    private async Task ReadGroupAsync(ITaskStore store, StoredGroup group)
    {
        _lines.Add($"{group}");
        foreach (var order in Enum.GetValues<ResultOrder>())
        {
            foreach (var result in (await store.ListResultsAsync(group.Id, order, 0, 100)).Results)
                _lines.Add(Storable($"{order} {result with { Result = null }} {Text(result.Result)}"));
        }
    }

    private async Task ReadModuleAsync(IModuleStore modules, StoredModule module)
    {
        _lines.Add($"{module}");
        for (var i = 0; await modules.ReadChunkAsync(module.Hash, i) is { } chunk; i++)
            _lines.Add($"{i} {Convert.ToHexString(SHA256.HashData(chunk.Span))}");
    }

    private static string Text(ModuleCall? call) => $"{call?.Module} {Text(call?.Run)} {Text(call?.Files)}";

    private static string Text(ReadOnlyMemory<byte>? bytes) =>
        bytes is { } known ? Convert.ToHexString(known.Span) : "-";

    // PostgreSQL keeps no NUL in a text.
    private static string Storable(string text) => text.Replace('\0', '\uFFFD');
}
