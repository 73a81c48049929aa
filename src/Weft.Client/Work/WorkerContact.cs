namespace Weft.Client.Work;

/// <summary>When the coordinator last answered this worker. Safe for use by many threads.</summary>
internal sealed class WorkerContact(TimeProvider time)
{
    private long _last = time.GetTimestamp();

    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref _last));

    public void Note() => Volatile.Write(ref _last, time.GetTimestamp());
}
