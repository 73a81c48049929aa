using System.Text.Json;
using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>A task in the hands of a handler. Safe for use by many threads.</summary>
public sealed class WorkerTask
{
    // What the coordinator takes.
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

    /// <summary>Where it was claimed from.</summary>
    public string Queue => _task.Queue;

    /// <summary>What kind of work this is; null when its submitter didn't say.</summary>
    public string? Type => _task.Type;

    /// <summary>1 for the first claim.</summary>
    public int Attempt => _task.Attempt;

    /// <summary>Any JSON.</summary>
    public JsonElement Payload => _task.Payload;

    /// <summary>The hash of the module to run; null: the worker knows what to do.</summary>
    public string? Module => _task.Module;

    /// <summary>How the module is run; null: as the defaults say.</summary>
    public ModuleRun? Run => _task.Run;

    /// <summary>
    /// Where there is a module: the same for tasks that came with one token, and different for those of others; null:
    /// it came without one.
    /// </summary>
    public string? Submitter => _task.Submitter;

    /// <summary>The trace that the task was submitted in; null for none.</summary>
    public TaskTrace? Trace => _task.Trace;

    /// <summary>What an earlier attempt left; null for nothing.</summary>
    public JsonElement? Checkpoint => _task.Checkpoint;

    internal string LeaseToken => _task.LeaseToken;

    /// <summary>The files that were pushed, for the task's result; null for none.</summary>
    internal IReadOnlyList<TaskOutput>? Outputs
    {
        get
        {
            lock (_gate) return _outputs?.ToArray();
        }
    }

    /// <summary>The result names this file, in place of another of the same path.</summary>
    internal void AddOutput(TaskOutput output)
    {
        lock (_gate)
        {
            _outputs ??= [];
            _outputs.RemoveAll(other => other.Path == output.Path);
            _outputs.Add(output);
        }
    }

    /// <summary>Says with the next heartbeat how far this is.</summary>
    /// <param name="progress">0 to 1.</param>
    /// <param name="checkpoint">What the next attempt needs to go on from here: any JSON up to 64 KiB; null: what was
    /// said before stays.</param>
    /// <exception cref="ArgumentException">One of the two is something else.</exception>
    public void Report(double progress, JsonElement? checkpoint = null)
    {
        if (progress is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(progress), progress, "Progress must be between 0 and 1.");
        }
        if (checkpoint is { ValueKind: JsonValueKind.Undefined }) checkpoint = null;
        if (checkpoint is { } given && WireText.Length(given) > CheckpointBytesMax)
        {
            throw new ArgumentException("A checkpoint may have at most 64 KiB.", nameof(checkpoint));
        }
        lock (_gate)
        {
            _progress = progress;
            _checkpoint = checkpoint ?? _checkpoint;
            _beat = null;
        }
    }

    /// <summary>The heartbeat that is due, with what is new.</summary>
    /// <param name="lease">As the claim had it.</param>
    internal SettleItem Heartbeat(TimeSpan? lease)
    {
        lock (_gate)
        {
            _beat = new(_task.LeaseToken, "heartbeat", _task.Id, LeaseSeconds: lease?.TotalSeconds, Progress: _progress,
                Checkpoint: _checkpoint);
            return _beat;
        }
    }

    /// <summary>The coordinator doesn't take what there was to say.</summary>
    internal void Forget()
    {
        lock (_gate) (_progress, _checkpoint, _beat) = (null, null, null);
    }

    /// <summary>The coordinator has what this heartbeat said: a checkpoint need not be sent again.</summary>
    internal void Acknowledge(SettleItem beat)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_beat, beat)) _checkpoint = null;
        }
    }
}
