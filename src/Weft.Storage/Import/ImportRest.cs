using Weft.Storage.Engine;

namespace Weft.Storage.Import;

/// <summary>
/// Everything except tasks: modules one by one, since each may be large; then lanes, groups, keys, tokens, queues and
/// the last numbers at once.
/// </summary>
internal static class ImportRest
{
    public static readonly ImportTable Tokens = new(
        "tokens", "id bigint, hash bytea, scopes int, queues text, name text, created_at bigint, expires_at bigint");

    public static readonly ImportTable Groups = new(
        "groups", "id bigint, name text, created_at bigint, owner bigint, sealed_at bigint");

    public static readonly ImportTable Keys = new(
        "idempotency_keys", "key text, fingerprint bytea, tasks bigint[] first_task || ' ' || tasks");

    public static readonly ImportTable PausedQueues = new("paused_queues", "queue text");

    public static readonly ImportTable QueueModules = new(
        "queue_modules", "queue text, module bigint, run bytea, files bigint");

    public static readonly ImportTable QueuePolicies = new("queue_policies", "queue text, policy text");

    public static readonly ImportTable Checks = new(
        "checks",
        "task bigint, parent bigint, role bigint, apart bigint, asks bigint, answers_min bigint, suspect bigint");

    public static readonly ImportTable Holders = new(
        "holders", "task bigint, identity bigint, network bigint, is_trusted bigint");

    public static readonly ImportTable Answers = new(
        "answers",
        "task bigint, number bigint, identity bigint, network bigint, is_trusted bigint, sha256 bytea, "
            + "answer_group bytea, at bigint, role bigint, verdict bigint, is_counted bigint, shuffle bigint, "
            + "is_drawn bigint");

    public static readonly ImportTable Standings = new(
        "standings",
        "identity bigint, queue text, network bigint, is_trusted bigint, answers bigint, checks bigint, "
            + "faults bigint, is_barred bigint, given bigint, dropped bigint, audits_left bigint, seen_at bigint, "
            + "open_answers bigint, drawn_answers bigint");

    public static readonly ImportTable CheckMisses = new(
        "check_misses", "task bigint, identity bigint, network bigint, misses bigint, at bigint");

    public static readonly ImportTable ModuleChecks = new(
        "module_checks", "queue text, module bigint, high bigint, low bigint, checks bigint");

    public static readonly ImportTable Corrections = new(
        "corrections",
        "number bigint, task bigint, group_id bigint, told bytea, body bytea, error text, at bigint");

    public static readonly ImportTable AnswerBodies = new("answer_bodies", "task bigint, number bigint, body bytea");

    public static readonly ImportTable BoardNames = new(
        "board_names",
        "identity bigint, name text, since bigint, seen_at bigint, tasks bigint, computed_ms bigint");

    /// <summary>Workers keep their keys.</summary>
    public static readonly ImportTable Secrets = new("secrets", "name text, value bytea");

    /// <summary>Unfinished ones continue in the other store.</summary>
    public static readonly ImportTable Operations = new(
        "operations",
        "id bigint, action bigint, state bigint, filter text, ids text, id_count bigint, priority bigint, "
            + "owner bigint, token bigint, token_name text, last_task bigint, cursor bigint, looked bigint, "
            + "matched bigint, changed bigint, refused bigint, started_at bigint, finished_at bigint, reason text");

    public static readonly ImportTable Audit = new(
        "audit",
        "id bigint, at bigint, token bigint, token_name text, action text, subject text, detail text");

    public static readonly ImportTable Webhooks = new(
        "webhooks",
        "id bigint, url text, secret bytea, events bigint, queues text, group_id bigint, name text, "
            + "created_at bigint, failing_since bigint, last_error text, disabled_at bigint, dropped bigint, "
            + "given_up bigint, owner bigint, old_secret bytea, old_secret_until bigint");

    /// <summary>The other store sends the pending messages.</summary>
    public static readonly ImportTable Deliveries = new(
        "webhook_deliveries",
        "id bigint, webhook bigint, body text, created_at bigint, attempts bigint, due_at bigint");

    /// <summary>Complete modules, to be counted.</summary>
    public static readonly ImportTable Modules = new("modules", "id bigint", "modules WHERE hash IS NOT NULL");

    private static readonly ImportTable ModuleOwners = new(
        "module_owners", "module bigint, owner bigint, name text",
        "module_owners WHERE module IN (SELECT id FROM modules WHERE hash IS NOT NULL)");

    private static readonly ImportTable FileSets = new("file_sets", "id bigint, hash text, files bytea");

    private static readonly ImportTable FileSetBlobs = new("file_set_blobs", "file_set bigint, blob bigint");

    private static readonly ImportTable Lanes = new("lanes", "id int, queue text, requires text, owner bigint");

    private static readonly ImportTable GroupCounts = new(
        "group_counts", $"group_id bigint id, shard int 0, {StateSql.Each(static (column, _) => $" {column} bigint")}",
        "groups");

    private static readonly ImportTable Module = new(
        "modules",
        "id bigint, hash text, kind smallint, size bigint, name text, created_at bigint, touched_at bigint " +
        "coalesce(touched_at,created_at)",
        "modules WHERE id = $1");

    private static readonly ImportTable Chunks = new(
        "module_chunks", "module bigint, number int, body bytea", "module_chunks WHERE module = $1 ORDER BY number");

    /// <summary>
    /// Stores the first module after <paramref name="last"/>, and the progress; null if there is none.
    /// </summary>
    public static async Task<long?> StoreModuleAsync(ImportSource source, ImportTarget target, long last)
    {
        if (source.NextModule(last) is not { } module) return null;
        await target.StoreAsync(async () =>
        {
            await Module.CopyAsync(source, target, module);
            await Chunks.CopyAsync(source, target, module);
            await target.RunAsync(ImportTargetSql.UpdateMovedModule, module);
        });
        return module;
    }

    /// <summary>Stores the rest, in one transaction.</summary>
    public static Task SettleAsync(ImportSource source, ImportTarget target) => target.StoreAsync(async () =>
    {
        ImportTable[] tables =
        [
            Lanes, PausedQueues, ModuleOwners, FileSets, FileSetBlobs, QueueModules, Tokens, Groups,
            GroupCounts, Keys, Operations, Audit, Webhooks, Deliveries,
            QueuePolicies, Checks, Holders, Answers, AnswerBodies, Secrets, Standings, CheckMisses, ModuleChecks,
            Corrections, BoardNames,
        ];
        foreach (var table in tables) await table.CopyAsync(source, target);
        await target.RunAsync(ImportTargetSql.CountMovedTasks);
        await target.RunAsync(ImportTargetSql.CountMovedKept);
        await target.RunAsync(ImportTargetSql.CountMovedOwners);
        await target.RunAsync(
            ImportTargetSql.SetSequences, source.LastOf("tasks"), source.LastOf("groups"),
            source.LastOf("group_finishes"), source.LastOf("lanes"), source.LastToken(),
            source.LastOperation(), source.LastAudit(), source.LastWebhook(), source.LastDelivery(),
            source.LastCorrection());
        await target.RunAsync(ImportTargetSql.SettleMove);
    });
}
