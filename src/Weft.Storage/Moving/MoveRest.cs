using Weft.Core.Tasks;
using Weft.Storage.Postgres;
using Weft.Storage.Sqlite;

namespace Weft.Storage.Moving;

/// <summary>All that is no task: modules one by one, since each may be large; then lanes, groups, keys, tokens, queues and the last numbers at once.</summary>
internal static class MoveRest
{
    /// <summary>Stores the first module after <paramref name="last"/>, and how far that brings the move; null when there is none.</summary>
    public static async Task<long?> StoreModuleAsync(MoveSource source, MoveTarget target, long last)
    {
        var next = source.Read(SqliteSql.SelectModulesAfter, static row =>
            (Id: row.Long(0), Hash: row.Text(1), Kind: (short)row.Int(2), Size: row.Long(3), Name: row.TextOrNull(4), CreatedAt: row.Long(5)), last).ToArray();
        if (next is not [var module]) return null;
        await target.StoreAsync(async () =>
        {
            await PostgresCopy.RunAsync(target.Connection, PostgresSql.CopyModules, next, static async (row, module) =>
            {
                await row.PutAsync(module.Id);
                await row.PutAsync(module.Hash);
                await row.PutAsync(module.Kind);
                await row.PutAsync(module.Size);
                await row.PutAsync(module.Name);
                await row.PutAsync(module.CreatedAt);
                await row.PutAsync(module.CreatedAt);
            });
            await PostgresCopy.RunAsync(target.Connection, PostgresSql.CopyChunks, source.Read(SqliteSql.SelectModuleChunks, static row => (Number: row.Int(0), Body: row.Blob(1)), module.Id), async (row, chunk) =>
            {
                await row.PutAsync(module.Id);
                await row.PutAsync(chunk.Number);
                await row.PutAsync(chunk.Body.AsMemory());
            });
            await target.RunAsync(PostgresSql.UpdateMovedModule, module.Id);
        });
        return module.Id;
    }

    /// <summary>Stores the rest, in one transaction.</summary>
    public static Task SettleAsync(MoveSource source, MoveTarget target) => target.StoreAsync(async () =>
    {
        await StoreQueuesAsync(source, target);
        await StoreTokensAsync(source, target);
        await StoreGroupsAsync(source, target);
        await StoreKeysAsync(source, target);
        await target.RunAsync(PostgresSql.CountMovedTasks);
        await target.RunAsync(PostgresSql.CountMovedOwners);
        await target.RunAsync(PostgresSql.SetSequences, source.LastOf("tasks"), source.LastOf("groups"), source.LastOf("group_finishes"), source.LastOf("lanes"), source.LastToken());
        await target.RunAsync(PostgresSql.SettleMove);
    });

    private static async Task StoreQueuesAsync(MoveSource source, MoveTarget target)
    {
        await PostgresCopy.RunAsync(target.Connection, PostgresSql.CopyLanes, source.Read(SqliteSql.SelectLanes, static row => (Id: row.Int(0), Queue: row.Text(1), Requires: row.Text(2))), static async (row, lane) =>
        {
            await row.PutAsync(lane.Id);
            await row.PutAsync(lane.Queue);
            await row.PutAsync(lane.Requires);
        });
        await PostgresCopy.RunAsync(target.Connection, PostgresSql.CopyPausedQueues, source.Read(SqliteSql.SelectPausedQueues, static row => row.Text(0)), static (row, queue) => row.PutAsync(queue));
        await PostgresCopy.RunAsync(target.Connection, PostgresSql.CopyQueueModules, source.Read(SqliteSql.SelectQueueModuleRows, static row => (Queue: row.Text(0), Module: row.Long(1), Run: row.BlobOrNull(2))), static async (row, queue) =>
        {
            await row.PutAsync(queue.Queue);
            await row.PutAsync(queue.Module);
            await row.PutAsync(queue.Run);
        });
    }

    private static Task StoreTokensAsync(MoveSource source, MoveTarget target) => PostgresCopy.RunAsync(
        target.Connection, PostgresSql.CopyTokens,
        source.Read(SqliteSql.SelectTokens, static row => (Id: row.Long(0), Hash: row.Blob(1), Scopes: row.Int(2), Queues: row.Text(3), Name: row.TextOrNull(4), CreatedAt: row.Long(5), ExpiresAt: row.LongOrNull(6))),
        static async (row, token) =>
        {
            await row.PutAsync(token.Id);
            await row.PutAsync(token.Hash.AsMemory());
            await row.PutAsync(token.Scopes);
            await row.PutAsync(token.Queues);
            await row.PutAsync(token.Name);
            await row.PutAsync(token.CreatedAt);
            await row.PutAsync(token.ExpiresAt);
        });

    private static async Task StoreGroupsAsync(MoveSource source, MoveTarget target)
    {
        await PostgresCopy.RunAsync(target.Connection, PostgresSql.CopyGroups, source.Read(SqliteSql.SelectGroups, static row => (Id: row.Long(0), Name: row.TextOrNull(1), CreatedAt: row.Long(2), Owner: row.LongOrNull(3))), static async (row, group) =>
        {
            await row.PutAsync(group.Id);
            await row.PutAsync(group.Name);
            await row.PutAsync(group.CreatedAt);
            await row.PutAsync(group.Owner);
        });
        await PostgresCopy.RunAsync(target.Connection, PostgresSql.CopyGroupCounts, source.Read(SqliteSql.SelectGroups, static row => Enumerable.Range(4, TaskStates.Count).Select(row.Long).Prepend(row.Long(0)).ToArray()), static async (row, counts) =>
        {
            await row.PutAsync(counts[0]);
            await row.PutAsync(0);
            foreach (var count in counts[1..]) await row.PutAsync(count);
        });
    }

    private static Task StoreKeysAsync(MoveSource source, MoveTarget target) => PostgresCopy.RunAsync(
        target.Connection, PostgresSql.CopyKeys,
        source.Read(SqliteSql.SelectKeys, static row => (Key: row.Text(0), Fingerprint: row.Blob(1), First: row.Long(2), Tasks: row.Int(3))),
        static async (row, key) =>
        {
            await row.PutAsync(key.Key);
            await row.PutAsync(key.Fingerprint.AsMemory());
            await row.PutAsync([.. Enumerable.Range(0, key.Tasks).Select(i => key.First + i)]);
        });
}
