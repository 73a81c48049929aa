namespace Weft.Samples.MatrixMultiplication;

/// <summary>Something that a worker did. The text is the answer or a sentence, by the kind.</summary>
public sealed record WorkEvent(WorkEventKind Kind, int TaskId = 0, string Text = "");

public enum WorkEventKind
{
    /// <summary>A task was claimed.</summary>
    Computing,

    /// <summary>The product was posted.</summary>
    Completed,

    /// <summary>An error was posted instead of a product.</summary>
    Failed,

    /// <summary>The coordinator no longer knows the task; its answer is gone.</summary>
    Dropped,

    /// <summary>The coordinator doesn't answer.</summary>
    Away,

    /// <summary>The coordinator answers again.</summary>
    Back,

    /// <summary>The loop was stopped.</summary>
    Paused,
}
