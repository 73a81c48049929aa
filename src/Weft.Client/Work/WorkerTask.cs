using System.Text.Json;
using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>A task that a handler works on. Safe for use by many threads.</summary>
public sealed class WorkerTask
{
    // The coordinator's limit.
    private const int CheckpointBytesMax = 64 << 10;

    private readonly Lock _gate = new();
    private readonly ClaimedTask _task;
    private double? _progress;
    private JsonElement? _checkpoint;
    private SettleItem? _beat;
    private List<TaskOutput>? _outputs;

    internal WorkerTask(ClaimedTask task) => _task = task;

    /// <summary>The task's id.</summary>
    public long Id => _task.Id;

    /// <summary>The queue that it was claimed from.</summary>
    public string Queue => _task.Queue;

    /// <summary>The kind of work; null if the submitter didn't say.</summary>
    public string? Type => _task.Type;

    /// <summary>1 for the first claim.</summary>
    public int Attempt => _task.Attempt;

    /// <summary>Any JSON.</summary>
    public JsonElement Payload => _task.Payload;

    /// <summary>The hash of the module to run; null for none.</summary>
    public string? Module => _task.Module;

    /// <summary>How to run the module; null for the defaults.</summary>
    public ModuleRun? Run => _task.Run;

    /// <summary>
    /// With a module: the same value for all tasks submitted with one token, a different one for those of another
    /// token; null if it was submitted without a token.
    /// </summary>
    public string? Submitter => _task.Submitter;

    /// <summary>The trace that the task was submitted in; null for none.</summary>
    public TaskTrace? Trace => _task.Trace;

    /// <summary>The checkpoint of an earlier attempt; null for none.</summary>
    public JsonElement? Checkpoint => _task.Checkpoint;

    internal string LeaseToken => _task.LeaseToken;

    /// <summary>The files that were pushed for the task's result; null for none.</summary>
    internal IReadOnlyList<TaskOutput>? Outputs
    {
        get
        {
            lock (_gate) return _outputs?.ToArray();
        }
    }

    /// <summary>The result names this file, replacing another of the same path.</summary>
    internal void AddOutput(TaskOutput output)
    {
        lock (_gate)
        {
            _outputs ??= [];
            _outputs.RemoveAll(other => other.Path == output.Path);
            _outputs.Add(output);
        }
    }

    /// <summary>Reports progress with the next heartbeat.</summary>
    /// <param name="progress">0 to 1.</param>
    /// <param name="checkpoint">The data that the next attempt needs to continue from here: any JSON up to 64 KiB;
    /// null: the previous one stays.</param>
    /// <exception cref="ArgumentException">An argument is out of range.</exception>
    public void Report(double progress, JsonElement? checkpoint = null)
    {
        if (progress is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(progress), progress, "Progress must be between 0 and 1.");
        }
        if (checkpoint is { ValueKind: JsonValueKind.Undefined }) checkpoint = null;
        if (checkpoint is { } given && WireText.Length(given) > CheckpointBytesMax)
        {
            throw new ArgumentException("A checkpoint must not exceed 64 KiB.", nameof(checkpoint));
        }
        lock (_gate)
        {
            _progress = progress;
            _checkpoint = checkpoint ?? _checkpoint;
            _beat = null;
        }
    }

    /// <summary>The heartbeat to send, with any news.</summary>
    /// <param name="lease">As in the claim.</param>
    internal SettleItem Heartbeat(TimeSpan? lease)
    {
        lock (_gate)
        {
            _beat = new(_task.LeaseToken, "heartbeat", _task.Id, LeaseSeconds: lease?.TotalSeconds, Progress: _progress,
                Checkpoint: _checkpoint);
            return _beat;
        }
    }

    /// <summary>The coordinator refused the report.</summary>
    internal void Forget()
    {
        lock (_gate) (_progress, _checkpoint, _beat) = (null, null, null);
    }

    /// <summary>The coordinator has this heartbeat's report: a checkpoint need not be sent again.</summary>
    internal void Acknowledge(SettleItem beat)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_beat, beat)) _checkpoint = null;
        }
    }
}
