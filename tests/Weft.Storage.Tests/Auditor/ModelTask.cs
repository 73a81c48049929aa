using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Auditor;

/// <summary>A task as the model has it.</summary>
internal sealed class ModelTask(TaskRecord record, Payload payload, TokenId? owner)
{
    public TaskRecord Record { get; set; } = record;

    public Payload Payload => payload;

    public TokenId? Owner => owner;

    public ReadOnlyMemory<byte>? Result { get; set; }

    public ReadOnlyMemory<byte>? Checkpoint { get; set; }

    /// <summary>The attempts that are kept, by number.</summary>
    public SortedDictionary<int, TaskAttempt> Attempts { get; } = [];

    /// <summary>Of its checkpoint and its errors.</summary>
    public long KeptBytes =>
        (Checkpoint?.Length ?? 0) + BytesOf(Record.Error) +
            Attempts.Values.Sum(static attempt => BytesOf(attempt.Error));

    private static long BytesOf(string? text) => text is null ? 0 : System.Text.Encoding.UTF8.GetByteCount(text);

    /// <summary>Every token given out for it, the newest last.</summary>
    public List<LeaseToken> Tokens { get; } = [];

    /// <summary>The step at which it finished last: what finishes in one step has no order among itself.</summary>
    public int FinishedAtStep { get; set; }
}
