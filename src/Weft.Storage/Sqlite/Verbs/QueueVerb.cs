namespace Weft.Storage.Sqlite.Verbs;

/// <summary>Pauses and resumes queues.</summary>
internal static class QueueVerb
{
    public static bool SetPaused(SqliteUnit unit, string queue, bool paused)
    {
        unit.Prepared(paused ? SqliteSql.InsertPausedQueue : SqliteSql.DeletePausedQueue).Bind(queue).Run();
        if (paused) return unit.PausedQueues.Add(queue);

        var resumed = unit.PausedQueues.Remove(queue);
        if (resumed) unit.AnnounceReady(queue);
        return resumed;
    }
}
