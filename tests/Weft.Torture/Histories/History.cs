using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Torture.Histories;

/// <summary>
/// All that the clients of one store asked and were told, kept outside of the coordinator: the only witness of its
/// promises.
/// </summary>
internal sealed class History
{
    private static readonly JsonSerializerOptions Json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly ConcurrentQueue<Operation> _operations = new();
    private long _now;

    public IReadOnlyCollection<Operation> Operations => _operations;

    /// <summary>The next place in the order.</summary>
    public long Tick() => Interlocked.Increment(ref _now);

    /// <summary>Notes an operation that has just ended, or that never will.</summary>
    public void Add(Operation operation) =>
        _operations.Enqueue(operation with { End = operation.Outcome == Outcome.Unknown ? Operation.Never : Tick() });

    /// <summary>Writes one operation a line, as JSON.</summary>
    public void Save(string path) =>
        File.WriteAllLines(path, _operations.Select(static operation => JsonSerializer.Serialize(operation, Json)));
}
