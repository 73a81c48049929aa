namespace Weft.Samples.MatrixMultiplication;

/// <summary>Something that a worker did. The text is the answer or a sentence, by the kind.</summary>
public sealed record WorkEvent(WorkEventKind Kind, int TaskId = 0, string Text = "");

public enum WorkEventKind
{
    /// <summary>A task was claimed.</summary>
    Computing,

    /// <summary>The product was posted.</summary>
    Completed,

    /// <summary>The task can't be computed: it was failed, for good.</summary>
    Failed,

    /// <summary>The task is no longer this worker's; its answer is gone.</summary>
    Dropped,

    /// <summary>The coordinator doesn't answer.</summary>
    Away,

    /// <summary>The coordinator answers again.</summary>
    Back,

    /// <summary>The coordinator wants a token, or another one: the loop has ended.</summary>
    NeedsToken,

    /// <summary>The loop was stopped.</summary>
    Paused,
}
