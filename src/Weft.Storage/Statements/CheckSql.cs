using System.Globalization;
using Weft.Core;
using Weft.Core.Verification;
using Weft.Storage.Engine;

namespace Weft.Storage.Statements;

/// <summary>
/// Which checks a claim examines, and which of them a worker may have: the parts that both engines' statements share.
/// </summary>
internal static class CheckSql
{
    private static readonly string PauseMax = Text(Limits.VerifyMissPauseMax);
    private static readonly string SeenTime = Text(Limits.VerifySeenTime);
    private static readonly string Wait = Text(Limits.VerifyElderWait);
    private static readonly string Unlooked = Text(Limits.VerifyUnlookedTime);

    // How long check k is for elders or the trusted alone.
    private static readonly string WaitForSome =
        $"CASE k.role WHEN {(int)AnswerRole.Judge} THEN {SeenTime} ELSE {Wait} END";

    /// <summary>
    /// The condition on check k, whose row is t. A worker may not have the check of a task that it has answered, or
    /// that was answered from its network unless the policy allows that; nor, for a lease's time, one that failed
    /// there. A check reserved for elders or trusted workers becomes available to all after a while: if answers differ,
    /// once no elder was seen for so long that newcomers decide. A barred worker gets none.
    /// </summary>
    /// <param name="identity">The expression for the worker.</param>
    /// <param name="network">The expression for its network; NULL: any network.</param>
    /// <param name="now">The time.</param>
    /// <param name="isTrusted">1: the operator trusts it.</param>
    /// <param name="queue">The queue.</param>
    public static string MayHave(string identity, string network, string now, string isTrusted, string queue) => $"""
        NOT EXISTS (
            SELECT 1
            FROM answers a
            WHERE a.task = k.parent AND (a.identity = {identity} OR (k.apart = 0 AND a.network = {network}))
        ) AND NOT EXISTS (
            SELECT 1
            FROM check_misses m
            WHERE m.task = k.parent AND m.at > {now} - t.lease_ms AND m.at > {now} - {PauseMax}
                AND (m.identity = {identity} OR (k.apart = 0 AND m.network = {network}))
        ) AND (
            k.asks = {(int)CheckFrom.Anyone} OR {isTrusted} = 1 OR t.ready_at <= {now} - {WaitForSome}
            OR (k.asks = {(int)CheckFrom.Elder} AND EXISTS (
                SELECT 1
                FROM standings s
                WHERE s.identity = {identity} AND s.queue = {queue} AND s.is_barred = 0
                    AND s.answers - s.open_answers >= k.answers_min))
        ) AND NOT EXISTS (
            SELECT 1
            FROM standings b
            WHERE b.identity = {identity} AND b.queue = {queue} AND b.is_barred = 1
        )
        """;

    /// <summary>
    /// Ids and priorities of a lane's ready checks after a position, by tasks_ready: a source with at least the first
    /// of them, and at most twice as many.
    /// </summary>
    /// <param name="lane">The expression for the lane.</param>
    /// <param name="priority">The priority of the position.</param>
    /// <param name="id">Its id.</param>
    /// <param name="max">The number needed.</param>
    public static string Behind(string lane, string priority, string id, string max) => $"""
        (
            SELECT *
            FROM (
                SELECT id, priority
                FROM tasks
                WHERE lane = {lane} AND state = {StateSql.Ready} AND priority = {priority} AND id > {id}
                ORDER BY id
                LIMIT {max}
            ) alike
            UNION ALL
            SELECT *
            FROM (
                SELECT id, priority
                FROM tasks
                WHERE lane = {lane} AND state = {StateSql.Ready} AND priority < {priority}
                ORDER BY priority DESC, id
                LIMIT {max}
            ) less
        )
        """;

    /// <summary>
    /// What paces worker $1 in queue $2: its answers, those of them that are open, whether it is barred, how many tasks
    /// it holds, and how many of the open ones nobody comes to check, though anybody might. By primary keys,
    /// holders_identity, and answers_open; of a worker's open answers the newest are looked at, and where nobody looks
    /// at one of those, nobody does at those before it.
    /// </summary>
    /// <param name="now">The time.</param>
    public static string Pace(string now) => $"""
        SELECT coalesce(s.answers, 0), coalesce(s.open_answers, 0), coalesce(s.is_barred, 0), x.taken,
            CASE WHEN y.looked_at < y.newest THEN s.open_answers - y.looked_at ELSE 0 END
        FROM (
            SELECT count(*) AS taken
            FROM holders h
            JOIN tasks t ON t.id = h.task
            JOIN lanes l ON l.id = t.lane
            WHERE h.identity = $1 AND l.queue = $2 AND t.state = {StateSql.Leased} AND {StoreSql.IsPacedLane}
        ) x
        CROSS JOIN (
            SELECT count(*) AS newest, count(CASE WHEN NOT EXISTS (
                    SELECT 1
                    FROM checks k
                    JOIN tasks c ON c.id = k.task
                    WHERE k.parent = f.task AND c.state = {StateSql.Ready} AND c.ready_at <= {now} - {Unlooked}
                        - CASE k.asks WHEN {(int)CheckFrom.Anyone} THEN 0 ELSE {WaitForSome} END
                ) THEN 1 END) AS looked_at
            FROM (
                SELECT a.task
                FROM answers a
                JOIN tasks t ON t.id = a.task
                JOIN lanes l ON l.id = t.lane
                WHERE a.identity = $1 AND a.is_counted = 1 AND a.verdict = 0 AND l.queue = $2
                ORDER BY a.task DESC
                LIMIT {Limits.VerifyOpenLookMax}
            ) f
        ) y
        LEFT JOIN standings s ON s.identity = $1 AND s.queue = $2
        """;

    private static string Text(TimeSpan time) =>
        ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
